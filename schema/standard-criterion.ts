import { z } from 'zod'
import { reaches } from '../server/domain/applicability.ts'

// One criterion as the YAML of the standard writes it, keys in camel case. Strict: an unknown key is a fault, not a comment.
const words = z.string().trim().min(1)

export const LegalLine = z.strictObject({
  law: words,
  article: words,
  note: words.optional(),
  effectiveFrom: z.iso.date().optional(),
  verify: z.boolean(), // true: the number is to be confirmed before publication
})

export const auditMethods = ['document', 'interview', 'site_observation', 'worker_survey'] as const

export const WorkerQuestion = z.strictObject({
  en: words,
  ja: words,
  adverse: z.union([z.enum(['yes', 'no', 'stop']), z.string().regex(/^>\d+$/)]), // the answer that counts as a warning sign
})

export const Criterion = z.strictObject({
  id: z.string().regex(/^RE-\d\d\.\d+$/),
  section: z.string().regex(/^S\d\d$/),
  titleEn: words,
  titleJa: words,
  requirementEn: words,
  requirementJa: words,
  criticality: z.enum(['zero_tolerance', 'major', 'minor']),
  appliesTo: z.enum(reaches),
  coreForMicro: z.boolean(),
  evidence: z.array(words).min(1),
  legalBasis: z.array(LegalLine),
  legalBasisNote: words.optional(),
  internationalBasis: z.array(words),
  dhaka: z.array(words),
  auditMethods: z.array(z.enum(auditMethods)).min(1),
  workerQuestion: WorkerQuestion.optional(),
  automatedCheck: words.optional(),
  acceptanceNote: words.optional(),
  version: words,
}).refine(({ legalBasis, legalBasisNote }) => legalBasis.length > 0 || legalBasisNote, 'an empty legal_basis needs a legal_basis_note')

export type Criterion = z.infer<typeof Criterion>
export type WorkerQuestion = z.infer<typeof WorkerQuestion>
export type LegalLine = z.infer<typeof LegalLine>
