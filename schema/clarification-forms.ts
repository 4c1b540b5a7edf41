import { z } from 'zod'
import { answerValues } from '../server/domain/answering.ts'
import { CaseHead } from './case-head.ts'
import { neededProse, oneOf } from './forms.ts'
import { FormKey, Id, Instant, Once, Version } from './shared.ts'

// Questions of the assessor and replies of the employer; both see the same page, each their own side of it. Drafts are the assessors' alone.
const Criterion = z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string() })
const Question = z.object({
  id: Id, criterion: Criterion, question: z.string(), by: z.string(), askedAt: Instant, sentAt: Instant.nullable(),
  reply: z.string(), repliedBy: z.string().nullable(), repliedAt: Instant.nullable(), closedAt: Instant.nullable(), version: z.number(),
})

export const ClarificationsPage = z.object({
  application: CaseHead,
  side: z.enum(['asks', 'answers', 'reads']),
  mayAsk: z.boolean(), mayReply: z.boolean(),
  drafts: z.array(Question),
  open: z.array(Question.extend({ answer: z.object({ answer: z.enum(answerValues).nullable(), explanation: z.string() }).nullable() })),
  replied: z.number(),
  rounds: z.array(z.object({ sentAt: Instant, closedAt: Instant, questions: z.array(Question) })),
  criteria: z.array(Criterion), // about which one may ask now
  chosen: z.string().nullable(),
})

export const ChosenCriterion = z.object({ criterion: z.string().max(20).optional().catch(undefined) })
export const QuestionForm = z.object({ criterion: z.string({ error: 'field_missing' }).regex(/^RE-\d\d\.\d+$/, 'field_missing'), question: neededProse(2000), from: oneOf(['round', 'bench']).default('round').catch('round'), form: FormKey, once: Once })
export const Drafted = z.object({ clarificationId: Id })
export const RoundForm = z.object({ version: Version, form: FormKey, once: Once })
export const Stepped = z.object({ stage: z.string() })
export const ReplyForm = z.object({ reply: neededProse(4000), version: Version.default(0), form: FormKey, once: Once })
export const Replied = z.object({ clarificationId: Id, version: z.number() })
export const RemovalForm = z.object({ once: Once })
export const ClarificationOf = z.object({ id: Id, clarification: Id })
