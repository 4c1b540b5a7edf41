import { z } from 'zod'
import { BenchCriterion, RatingForm } from './assessment-forms.ts'
import { ratingValues } from './assessments.ts'
import { Id, Instant, Once } from './shared.ts'

const Head = z.object({ id: Id, nameJa: z.string(), nameEn: z.string(), assignedAt: Instant, declaredAt: Instant.nullable(), finishedAt: Instant.nullable(), marked: z.number() })
export const SecondScorings = z.object({ rows: z.array(Head) })
export const SecondScoring = z.object({
  scoring: Head, all: z.number(), next: z.string().nullable(),
  rows: z.array(z.object({ criterion: z.string(), titleJa: z.string(), titleEn: z.string(), rating: z.enum(ratingValues).nullable() })), // empty before the declaration
})
// What the first assessor thought, asked or noted has no place here.
export const SecondCriterion = BenchCriterion.pick({ criterion: true, answer: true, documents: true, doubts: true, previous: true, next: true })
  .extend({ scoring: Head, open: z.boolean(), rating: z.object({ rating: z.enum(ratingValues), note: z.string() }).nullable() })
export const SecondMarkForm = RatingForm
export const SecondMarked = z.object({ criterion: z.string(), rating: z.enum(ratingValues) })
export const OnceOnly = z.object({ once: Once })
export const ScoringKept = z.object({ id: Id })

const Agreement = z.object({ pairs: z.number(), observed: z.number().nullable(), expected: z.number().nullable(), kappa: z.number().nullable() })
export const Calibration = z.object({
  share: z.number(), waiting: z.number(), // files that no draw has seen yet
  open: z.number(), finished: z.number(),
  overall: Agreement,
  criteria: z.array(Agreement.extend({ criterion: z.string(), titleJa: z.string(), titleEn: z.string() })),
  assessors: z.array(Agreement.extend({ name: z.string() })),
  draws: z.array(z.object({ id: Id, seed: z.string(), pool: z.number(), drawn: z.number(), at: Instant })),
})
export const Drawn = z.object({ drawn: z.number(), pool: z.number(), seed: z.string() })
