import { z } from 'zod'
import { answerStates, answerValues } from '../server/domain/answering.ts'
import { reaches } from '../server/domain/applicability.ts'
import { CaseHead } from './case-head.ts'
import { Document } from './evidence-shapes.ts'
import { prose } from './forms.ts'
import { auditMethods } from './standard-criterion.ts'
import { Id, Instant, LegalDate, Once, Version } from './shared.ts'

export const criterionId = z.string().regex(/^RE-\d\d\.\d{1,2}$/)
export const ByCriterion = z.object({ id: Id, criterion: criterionId })

const Line = z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string(), state: z.enum(answerStates), answer: z.enum(answerValues).nullable() })
export const AnswerList = z.object({
  head: CaseHead, mayChange: z.boolean(), all: z.number(), answered: z.number(), complete: z.number(), next: z.string().nullable(), micro: z.boolean(), workers: z.number().nullable(),
  sections: z.array(z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string(), all: z.number(), complete: z.number(), criteria: z.array(Line) })),
  spared: z.array(z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string(), because: z.enum(['no_employer_housing', 'no_programme_workers', 'micro_firm']) })),
})

/** One line of law with the names of its act. `numbered`: the article is numbers, else words or nothing. `verify`: the article number is to be confirmed by a lawyer. */
export const Law = z.object({ nameJa: z.string(), nameEn: z.string(), article: z.string(), numbered: z.boolean(), note: z.string().nullable(), effectiveFrom: LegalDate.nullable(), verify: z.boolean() })
export const CriterionText = z.object({
  id: z.string(), titleJa: z.string(), titleEn: z.string(), requirementJa: z.string(), requirementEn: z.string(), criticality: z.enum(['zero_tolerance', 'major', 'minor']),
  law: z.array(Law), lawLater: z.array(Law), lawNote: z.string().nullable(), internationalBasis: z.array(z.string()), dhaka: z.array(z.string()),
  evidence: z.array(z.object({ ja: z.string(), en: z.string().nullable() })), methods: z.array(z.enum(auditMethods)),
  workerQuestion: z.object({ ja: z.string(), en: z.string(), adverse: z.string() }).nullable(), appliesTo: z.enum(reaches), coreForMicro: z.boolean(), version: z.string(),
})

export const AnswerPage = z.object({
  head: CaseHead, section: z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string() }), criterion: CriterionText,
  needsDocument: z.boolean(), place: z.number(), all: z.number(), complete: z.number(), previous: z.string().nullable(), next: z.string().nullable(),
  mayChange: z.boolean(), question: z.string().nullable(), state: z.enum(answerStates),
  answer: z.object({ answer: z.enum(answerValues).nullable(), reason: z.string(), explanation: z.string(), version: z.number() }),
  carried: Instant.nullable(), documents: z.array(Document), others: z.array(z.object({ value: z.string(), label: z.string() })),
})

export const AnswerForm = z.object({
  answer: z.preprocess(value => (value === '' || value === undefined ? null : value), z.enum(answerValues, { error: 'field_missing' }).nullable()),
  reason: prose(1000).default(''), explanation: prose(4000).default(''), version: Version.default(0), go: z.literal('next').optional().catch(undefined), once: Once,
}).refine(({ answer, reason }) => answer !== 'not_applicable' || reason !== '', { error: 'field_reason', path: ['reason'] })
export type AnswerForm = z.infer<typeof AnswerForm>
export const AnswerSaved = z.object({ criterion: z.string(), version: z.number(), state: z.enum(answerStates) })
