import { z } from 'zod'
import { standings } from '../server/domain/standing.ts'
import { foldDigits } from '../server/domain/text.ts'
import { findingGrades } from './findings.ts'
import { neededLine } from './forms.ts'
import { FormKey, Id, Instant, LegalDate, Once } from './shared.ts'

/** B-XXXX-XXXX, also typed full-width, in small letters or without hyphens. What cannot be a code is looked up as it is, and not found. */
const Code = neededLine(40).transform(text => foldDigits(text).toUpperCase().replace(/[\s‐‑–—―ー−-]/g, '')).transform(text => text.replace(/^B?(.{4})(.{4})$/, 'B-$1-$2'))
export const LookUpQuery = z.object({ code: Code.catch('') })
export const GrantForm = z.object({ code: Code, once: Once, form: FormKey })
export const GrantConfirmation = z.object({ code: z.string(), buyer: z.object({ nameJa: z.string(), nameEn: z.string(), domain: z.string() }).nullable(), granted: z.boolean() })

const counts = z.record(z.string(), z.number())
/** What a granted buyer reads of an audit: numbers and the words of the certificate. Nothing here is about a person. */
export const AuditSummary = z.object({
  id: Id, holder: z.object({ nameJa: z.string(), nameLatin: z.string() }), grantedAt: Instant, number: z.string(), standing: z.enum(standings), since: LegalDate, expiresOn: LegalDate,
  scope: z.object({ industryJa: z.string(), industryEn: z.string(), workplaces: z.number(), housing: z.number(), exclusions: z.array(z.object({ ja: z.string(), en: z.string() })) }),
  assessor: z.object({ nameJa: z.string(), nameEn: z.string() }), visit: z.object({ startsOn: LegalDate, endsOn: LegalDate }).nullable(), decidedOn: LegalDate, personDays: z.number().nullable(),
  interviewed: z.string().nullable(), fewest: z.number(),
  sections: z.array(z.object({ section: z.string(), titleJa: z.string(), titleEn: z.string(), result: z.enum(['conforms', 'minor_open', 'not_applicable']) })),
  findings: z.array(z.object({ grade: z.enum(findingGrades), open: z.number(), closed: z.number() })), corrections: z.object({ closed: z.number(), inTime: z.number() }), results: counts,
  surveillance: z.object({ due: LegalDate, overdue: z.boolean() }).nullable(),
})
export const AuditSummaries = z.object({ summaries: z.array(z.object({ id: Id, holder: z.object({ nameJa: z.string(), nameLatin: z.string() }), grantedAt: Instant, ready: z.boolean() })) })
