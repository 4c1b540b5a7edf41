import { z } from 'zod'
import { doubts } from '../server/domain/desk-review.ts'
import { answerValues } from '../server/domain/answering.ts'
import { ratingValues } from './assessments.ts'
import { CaseHead } from './case-head.ts'
import { scanStates } from './documents.ts'
import { oneOf, prose } from './forms.ts'
import { FormKey, Id, Instant, Once, Version } from './shared.ts'

// The assessor's worklist and bench.
export const assessorTasks = ['declare', 'review', 'wait_for_reply', 'visit', 'follow_up', 'wait_for_decision'] as const

export const Worklist = z.object({
  rows: z.array(z.object({ application: CaseHead, task: z.enum(assessorTasks), href: z.string(), rated: z.number(), replies: z.number() })),
  load: z.array(z.object({ task: z.enum(assessorTasks), count: z.number() })),
  heaviest: z.number(),
  ended: z.array(z.object({ id: Id, nameJa: z.string(), nameEn: z.string(), stage: z.string(), stageSince: Instant })),
})

const Rating = z.enum(ratingValues)
const Row = z.object({
  criterion: z.string(), titleJa: z.string(), titleEn: z.string(), criticality: z.enum(['zero_tolerance', 'major', 'minor']), answer: z.enum(answerValues).nullable(),
  documents: z.number(), doubts: z.array(z.enum(doubts)), asked: z.boolean(), rating: Rating.nullable(),
})
const Colleague = z.object({ name: z.string(), criterion: z.string().nullable(), at: Instant.nullable() })
const Mark = z.object({ version: z.number(), rating: Rating, note: z.string(), by: z.string(), mine: z.boolean(), at: Instant })
export const Bench = z.object({
  application: CaseHead,
  open: z.boolean(), // ratings may change now
  rated: z.number(), all: z.number(),
  ratings: z.array(z.object({ rating: Rating, count: z.number() })),
  doubtful: z.array(Row), // not yet rated, the most doubtful first
  sections: z.array(z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string(), rated: z.number(), rows: z.array(Row) })),
  drafted: z.number(), // questions not yet sent
  next: z.string().nullable(),
  place: z.string().nullable(), // where the reader was last, on whatever device
  colleagues: z.array(Colleague),
})

export const documentViews = ['pdf', 'image', 'table'] as const
const Document = z.object({ id: Id, name: z.string(), type: z.string(), size: z.number(), scan: z.enum(scanStates), uploadedAt: Instant, image: z.boolean(),
  carried: z.boolean(), monthsOld: z.number().nullable(), tooOld: z.boolean(), // C17: from the last cycle; its age is that on the day of applying
  view: z.enum(documentViews).nullable() })
const Law = z.object({ law: z.string(), nameJa: z.string(), nameEn: z.string(), article: z.string(), effectiveFrom: z.iso.date().nullable(), verify: z.boolean() })
export const BenchCriterion = z.object({
  application: CaseHead, open: z.boolean(), mayAsk: z.boolean(),
  criterion: z.object({
    id: z.string(), section: z.string(), titleJa: z.string(), titleEn: z.string(), requirementJa: z.string(), requirementEn: z.string(), criticality: z.enum(['zero_tolerance', 'major', 'minor']),
    evidence: z.array(z.string()), acceptanceNote: z.string().nullable(), methods: z.array(z.string()), lawOn: z.iso.date(), law: z.array(Law), lawLater: z.array(Law),
  }),
  answer: z.object({ answer: z.enum(answerValues).nullable(), reason: z.string(), explanation: z.string(), answeredAt: Instant }).nullable(),
  documents: z.array(Document),
  thread: z.array(z.object({ id: Id, question: z.string(), by: z.string(), sentAt: Instant.nullable(), reply: z.string(), repliedAt: Instant.nullable(), closedAt: Instant.nullable() })),
  draft: z.object({ question: z.string(), mine: z.boolean() }).nullable(),
  rating: Mark.omit({ version: true }).nullable(),
  marks: z.array(Mark), // those that were replaced, the newest first
  earlier: z.array(z.object({ cycle: z.number(), rating: Rating, answer: z.enum(answerValues).nullable(), note: z.string(), at: Instant })), // the same criterion in cycles before
  colleagues: z.array(Colleague),
  version: z.number(),
  doubts: z.array(z.enum(doubts)),
  previous: z.string().nullable(), next: z.string().nullable(),
  doubtful: z.string().nullable(), // the most doubtful of the others that wait for a rating
})
/** Asked for while the page is open: has somebody else rated meanwhile? */
export const MarkNow = z.object({ version: z.number(), rating: Rating.nullable(), by: z.string().nullable(), at: Instant.nullable() })
export const LawOn = z.object({ on: z.iso.date().optional().catch(undefined) })

export const CriterionOf = z.object({ id: Id, criterion: z.string().regex(/^RE-\d\d\.\d+$/) })
export const RatingForm = z.object({ rating: oneOf(ratingValues), note: prose(4000).default(''), version: Version.default(0), form: FormKey, once: Once })
  .refine(({ rating, note }) => rating === 'conforms' || note !== '', { path: ['note'], error: 'field_missing' })
export const Rated = z.object({ criterion: z.string(), rating: Rating, version: z.number() })
