import { z } from 'zod'
import { stages } from '../server/domain/lifecycle.ts'
import { CaseHead } from './case-head.ts'

// The operator's view of everything under way.
export const operatorTasks = ['screen', 'assign'] as const
const shown = z.enum(stages.filter(stage => stage !== 'draft'))

// Where a page ended: due when (to the microsecond), and which case.
const Place = z.string().max(80).regex(/^(infinity|\d{4}-\d\d-\d\dT[\d:.]+Z)_[0-9a-f-]{36}$/).refine(place => place.startsWith('infinity_') || !Number.isNaN(Date.parse(place.split('_')[0] ?? '')))
  .refine(place => z.uuid().safeParse(place.split('_')[1]).success)

export const PipelineQuery = z.object({ stage: shown.optional().catch(undefined), after: Place.optional().catch(undefined) })
export const Pipeline = z.object({
  stage: shown.nullable(),
  all: z.number(),
  overdue: z.number(),
  waiting: z.number(),   // cases where the operator is the one to move
  longest: z.number(),   // the fullest stage: where a bar is full
  stages: z.array(z.object({ stage: shown, count: z.number(), overdue: z.number() })),
  rows: z.array(z.object({ application: CaseHead, assessors: z.array(z.string()), task: z.enum(operatorTasks).nullable() })),
  next: Place.nullable(),
  stoppedJobs: z.number(), // work in the background that waits for the operator
})
