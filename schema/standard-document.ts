import { z } from 'zod'
import { Criterion } from './standard-criterion.ts'
import { AuditEffort, Grading, InterviewSampling } from './standard-rules.ts'

// The standard as data (schema/standards/*.yaml), keys in camel case.
const words = z.string().trim().min(1)
const whole = z.number().int().min(0)

const Meta = z.strictObject({
  titleEn: words,
  titleJa: words,
  code: z.string().regex(/^[A-Z]{2}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+(-[a-z]+)?$/),
  languageSource: z.array(words),
  prepared: z.iso.date(),
  status: words,
  notes: z.array(words),
  fields: z.record(words, words),
  counts: z.strictObject({
    criteria: whole, sections: whole, laws: whole, zeroTolerance: whole, major: whole, minor: whole, coreForMicro: whole,
    workerQuestions: whole, automatedChecks: whole, legalLines: whole, legalLinesToVerify: whole,
  }),
  idRule: words,
})

const Section = z.strictObject({
  id: z.string().regex(/^S\d\d$/),
  titleEn: words,
  titleJa: words,
  tokyoDeclaration: z.number().int().min(1).max(13).nullable(),
  mapsTo: z.strictObject({ sa8000: z.array(words), jasti: words, rba: words }),
})

const Language = z.strictObject({
  code: words,
  nameJa: words,
  share2025: z.number().optional(), people2025: whole.optional(),
  share2024: z.number().optional(), people2024: whole.optional(),
})

const MinimumWage = z.strictObject({
  fiscalYear: whole,
  unit: words,
  nationalWeightedMean: whole,
  note: words,
  status: words,
  source: z.url(),
  rows: z.array(z.strictObject({ prefectureJa: words, amount: whole.min(1), effectiveFrom: z.iso.date() })).length(47),
})

export const StandardDocument = z.strictObject({
  meta: Meta,
  laws: z.record(z.string().regex(/^[A-Z]+$/), z.strictObject({ ja: words, en: words })),
  sections: z.array(Section).min(1),
  criteria: z.array(Criterion).min(1),
  grading: Grading,
  auditEffort: AuditEffort,
  interviewSampling: InterviewSampling,
  surveyAnonymity: z.strictObject({ kMinDefault: whole, kMinEmployerView: whole, kMinPublicView: whole, rules: z.array(words) }),
  languages: z.strictObject({ source: words, order: z.array(Language) }),
  referenceData: z.strictObject({ minimumWage: z.array(MinimumWage) }),
})

export type StandardDocument = z.infer<typeof StandardDocument>
export type Section = StandardDocument['sections'][number]
