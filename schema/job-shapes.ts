import { z } from 'zod'
import { jobProblems } from '../server/domain/job-problem.ts'
import { Instant } from './shared.ts'

/** Numbers of the job runner's own. */
export const ByJob = z.object({ id: z.string().regex(/^[1-9]\d{0,17}$/) })

/** `stopped`: every try is used up. `again`: it failed, and tries again by itself at `nextAt`. */
const Stuck = z.object({
  id: z.string(), job: z.string(), state: z.enum(['stopped', 'again']), problem: z.enum(jobProblems).nullable(), tries: z.number(), since: Instant, nextAt: Instant.nullable(),
})
export const StuckJobs = z.object({ jobs: z.array(Stuck), stopped: z.number() })
export const JobRetried = z.object({ id: z.string(), job: z.string() })
