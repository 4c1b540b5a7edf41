import { z } from 'zod'
import { criterionId, CriterionText } from './answer-shapes.ts'
import { LegalDate } from './shared.ts'

// The public standard. It says on every page that it is a proposal.
const About = z.object({ code: z.string(), version: z.string(), titleJa: z.string(), titleEn: z.string(), inForceFrom: LegalDate })
const SectionHead = z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string(), tokyoDeclaration: z.number().nullable() })
const Graded = z.object({ zeroTolerance: z.number(), major: z.number(), minor: z.number() })

export const StandardPage = z.object({
  about: About, criteria: z.number(), graded: Graded,
  sections: z.array(SectionHead.extend({ criteria: z.number(), graded: Graded })),
  rule: z.object({ maxOpenMinor: z.number(), validityMonths: z.number() }),
})
export const SectionPage = z.object({
  about: About, section: SectionHead, maps: z.object({ sa8000: z.array(z.string()), jasti: z.string(), rba: z.string() }), previous: z.string().nullable(), next: z.string().nullable(),
  criteria: z.array(CriterionText.pick({ id: true, titleJa: true, titleEn: true, requirementJa: true, requirementEn: true, criticality: true })),
})
export const CriterionPage = z.object({
  about: About, section: SectionHead, criterion: CriterionText, today: LegalDate, previous: z.string().nullable(), next: z.string().nullable(),
  clock: z.object({ planDays: z.number().nullable(), evidenceDays: z.number().nullable(), protectionHours: z.number().nullable(), containmentDays: z.number().nullable(), verifiedDays: z.number().nullable() }),
})
export const BySection = z.object({ section: z.string().regex(/^S\d\d$/) })
export const ByCriterionId = z.object({ criterion: criterionId })
