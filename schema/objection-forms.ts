import { z } from 'zod'
import { CaseHead } from './case-head.ts'
import { neededProse, oneOf } from './forms.ts'
import { FormKey, Id, Instant, Once } from './shared.ts'

// C8: once per case, to one named assessor. Who answered is for those inside.
export const ObjectionPage = z.object({
  application: CaseHead,
  side: z.enum(['client', 'secretariat']),
  team: z.array(z.object({ assignmentId: Id, name: z.string(), organisation: z.object({ nameJa: z.string(), nameEn: z.string() }).nullable() })),
  mayObject: z.boolean(),
  mayAnswer: z.boolean(),
  objection: z.object({ id: Id, about: z.string(), reasons: z.string(), at: Instant, answer: z.object({ upheld: z.boolean(), reasons: z.string(), at: Instant, by: z.string().nullable() }).nullable() }).nullable(),
})
export const ObjectionForm = z.object({ assignmentId: z.uuid({ error: 'field_missing' }), reasons: neededProse(4000), form: FormKey, once: Once })
export const ObjectionAnswerForm = z.object({ outcome: oneOf(['upheld', 'dismissed']), reasons: neededProse(4000), form: FormKey, once: Once })
export const ObjectionKept = z.object({ id: Id })
