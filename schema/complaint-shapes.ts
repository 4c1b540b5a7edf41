import { z } from 'zod'
import { complaintStates, complaintSteps, complaintTargets } from '../server/domain/complaints.ts'
import { line, neededProse, oneOf, prose } from './forms.ts'
import { Id, Instant, LegalDate, Once } from './shared.ts'

/** C18: anybody may complain, nobody has to give a name. About an employer it says which. */
export const ComplaintForm = z.object({
  target: oneOf(complaintTargets), about: line(200).default(''), account: neededProse(8000), contact: line(200).default('').transform(text => text || null), once: Once,
}).refine(({ target, about }) => target === 'scheme' || about !== '', { path: ['about'], error: 'field_missing' })
export const ComplaintQuery = z.looseObject({ number: z.string().max(60).optional().catch(undefined) })
export const ComplaintFormPage = z.object({ about: z.string() })
/** `code`: shown once, to the complainant alone; null when the same form came again. */
export const ComplaintFiled = z.object({ reference: z.string(), code: z.string().nullable(), acknowledgeBy: LegalDate, answerBy: LegalDate })

export const FollowForm = z.object({ code: z.string({ error: 'field_missing' }).max(100, 'field_too_big').refine(text => text.trim() !== '', 'field_missing') })
export const FollowPage = z.object({})
/** What the complainant sees: never who handles it, never a note. */
export const ComplaintStatus = z.object({
  reference: z.string(), state: z.enum(complaintStates), target: z.enum(complaintTargets), filedOn: LegalDate, acknowledgeBy: LegalDate, answerBy: LegalDate,
  told: z.array(z.object({ step: z.enum(['acknowledged', 'upheld', 'not_upheld']), on: LegalDate, text: z.string() })),
})

const Line = z.object({
  id: Id, reference: z.string(), target: z.enum(complaintTargets), about: z.string(), number: z.string().nullable(), state: z.enum(complaintStates), filedAt: Instant, ageDays: z.number(), due: LegalDate.nullable(), overdue: z.boolean(),
  handler: z.string().nullable(),
})
export const ComplaintCases = z.object({ complaints: z.array(Line), open: z.number(), overdue: z.number() })
export const ComplaintCase = Line.extend({
  account: z.string(), contact: z.string().nullable(), locale: z.string(), steps: z.array(z.object({ step: z.enum(complaintSteps), text: z.string(), handler: z.string().nullable(), by: z.string(), at: Instant })),
  choices: z.array(z.enum(complaintSteps)), candidates: z.array(z.object({ id: Id, name: z.string(), open: z.number() })),
})
export const ComplaintStepForm = z.object({
  step: oneOf(complaintSteps), text: prose(4000).default(''), handler: z.union([z.literal(''), z.uuid()]).optional().transform(person => person || null), once: Once,
}).refine(({ step, text }) => step === 'acknowledged' || step === 'assigned' || text !== '', { path: ['text'], error: 'field_missing' })
  .refine(({ step, handler }) => step !== 'assigned' || handler !== null, { path: ['handler'], error: 'field_missing' })
export const ComplaintStepTaken = z.object({ stepId: Id })
