import { z } from 'zod'
import { appealMatters, appealOutcomes, appealStates, appealSubjects } from '../server/domain/appeals.ts'
import { findingGrades } from './findings.ts'
import { neededProse, oneOf } from './forms.ts'
import { Id, Instant, LegalDate, Once } from './shared.ts'

export const Against = z.object({ subject: z.enum(appealSubjects), id: Id })
/** What is appealed against, as the client knows it. */
const Matter = z.object({
  subject: z.enum(appealSubjects), subjectId: Id, matter: z.enum(appealMatters), applicationId: Id, nameJa: z.string(), nameEn: z.string(), number: z.string().nullable(), criterion: z.string().nullable(),
  grade: z.enum(findingGrades).nullable(), reasons: z.string(), decidedAt: Instant,
})
export const AppealForm = z.object({ grounds: neededProse(4000), once: Once })
export const AppealFormPage = z.object({ against: Matter, fileUntil: Instant, decideWithinDays: z.number() })
export const AppealFiled = z.object({ appealId: Id })

const Line = z.object({
  id: Id, matter: z.enum(appealMatters), nameJa: z.string(), nameEn: z.string(), number: z.string().nullable(), filedAt: Instant, state: z.enum(appealStates), ageDays: z.number(), decideBy: LegalDate, overdue: z.boolean(),
  handler: z.string().nullable(), handlerBarred: z.boolean(), // not for the client
})
export const Appeals = z.object({ appeals: z.array(Line), longestDays: z.number(), as: z.enum(['client', 'operator', 'handler']) })
export const AppealPage = Line.extend({
  against: Matter, grounds: z.string(), as: z.enum(['client', 'operator', 'handler']),
  candidates: z.array(z.object({ id: Id, name: z.string(), open: z.number() })).nullable(), // null: not to be handed over by this reader, or any more
  mayDecide: z.boolean(), grades: z.array(z.enum(findingGrades)),
  outcome: z.object({ outcome: z.enum(appealOutcomes), reasons: z.string(), newGrade: z.enum(findingGrades).nullable(), decidedAt: Instant, decidedBy: z.string().nullable(), undone: z.boolean() }).nullable(),
})
export const HandlerForm = z.object({ personId: z.uuid({ error: 'field_missing' }), once: Once })
export const HandedOver = z.object({ assignmentId: Id })
export const AppealDecisionForm = z.object({
  outcome: oneOf(appealOutcomes), reasons: neededProse(4000), newGrade: z.union([z.literal(''), z.enum(findingGrades)]).optional().transform(grade => grade || null), once: Once,
})
export const AppealDecided = z.object({ decisionId: Id, outcome: z.enum(appealOutcomes) })
