import { z } from 'zod'
import { scopeSigns } from '../server/domain/screening.ts'
import { CaseHead } from './case-head.ts'
import { oneOf, prose } from './forms.ts'
import { Instant, Once, Version } from './shared.ts'

// C2, ISO/IEC 17065 7.3: what the operator looks at, and the outcome with its reasons.
export const screeningOutcomes = ['accept', 'return', 'decline'] as const
export const completeness = ['profile_complete', 'agreements_signed', 'answers_complete', 'evidence_complete'] as const

const Named = z.object({ nameJa: z.string(), nameEn: z.string() })
const Company = z.object({
  nameJa: z.string(), nameKana: z.string(), nameLatin: z.string(), corporateNumber: z.string(), prefecture: z.string(), addressJa: z.string(), industry: Named,
  workers: z.number(), foreignWorkers: z.number(),
  populations: z.array(z.object({ nationality: Named, residenceStatus: Named, people: z.number() })),
  sites: z.array(z.object({ kind: z.enum(['workplace', 'housing']), nameJa: z.string(), addressJa: z.string(), people: z.number() })),
})

const Tally = z.object({ criteria: z.number(), answered: z.number(), yes: z.number(), partly: z.number(), no: z.number(), notApplicable: z.number(), documents: z.number() })

export const ScreeningPage = z.object({
  application: CaseHead,
  open: z.boolean(), // may be screened now
  company: Company.nullable(),
  checks: z.array(z.object({ need: z.enum(completeness), holds: z.boolean() })),
  signs: z.array(z.object({ sign: z.enum(scopeSigns), holds: z.boolean() })),
  agreements: z.array(z.object({ kind: z.string(), version: z.string(), signedAs: z.string(), signedAt: Instant })),
  sections: z.array(Tally.extend({ id: z.string(), titleJa: z.string(), titleEn: z.string() })),
  totals: Tally,
  screenings: z.array(z.object({ outcome: z.enum(screeningOutcomes), reasons: z.string(), by: z.string(), at: Instant })),
})

export const ScreeningForm = z.object({ outcome: oneOf(screeningOutcomes), reasons: prose(4000).default(''), version: Version, once: Once })
  .refine(({ outcome, reasons }) => outcome === 'accept' || reasons !== '', { path: ['reasons'], error: 'field_missing' })
export const Screened = z.object({ stage: z.string() })
