import { z } from 'zod'
import { stages } from '../server/domain/lifecycle.ts'
import { CaseHead } from './case-head.ts'
import { Id } from './shared.ts'

// The operator's view of everything under way.
export const operatorTasks = ['screen', 'assign'] as const
const shown = z.enum(stages.filter(stage => stage !== 'draft'))

export const PipelineQuery = z.object({ stage: shown.optional().catch(undefined), after: Id.optional().catch(undefined) })
export const Pipeline = z.object({
  stage: shown.nullable(),
  all: z.number(),
  overdue: z.number(),
  waiting: z.number(),   // cases where the operator is the one to move
  longest: z.number(),   // the fullest stage: where a bar is full
  stages: z.array(z.object({ stage: shown, count: z.number(), overdue: z.number() })),
  rows: z.array(z.object({ application: CaseHead, assessors: z.array(z.string()), task: z.enum(operatorTasks).nullable() })),
  next: Id.nullable(),
  stoppedJobs: z.number(), // work in the background that waits for the operator
})
