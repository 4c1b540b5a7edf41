import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Db } from '../adapters/database.ts'
import { algorithm, coverage, drawInterviews, type Draw } from '../domain/draw.ts'
import { standardById } from '../standard/queries.ts'

const Group = z.object({ nationality: z.string(), programme: z.string(), shift: z.string(), sex: z.string(), dormitory: z.string(), people: z.number() })
export const Population = z.object({ standard: z.string(), workers: z.number(), atLeast: z.number(), groups: z.array(Group), told: z.number().optional(), difference: z.string().optional() })
export type Population = z.infer<typeof Population>

/** The text that is hashed and kept: the fields in one order, whatever order they came in. `told` is the application's head count, `difference` why another one is drawn from; texts before 0036 have neither. */
export const written = ({ standard, workers, atLeast, groups, told, difference }: Population): string => JSON.stringify({
  standard, workers, atLeast, groups: groups.map(({ people, ...group }) => ({ ...Object.fromEntries(coverage.map(aspect => [aspect, group[aspect]])), people })), told, difference,
})
export const peopleIn = (groups: readonly { people: number }[]): number => groups.reduce((sum, { people }) => sum + people, 0)
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Draws from a kept text and seed; null when it was another algorithm's. */
export async function drawFrom(db: Db, text: string, seed: string, by: string = algorithm): Promise<Draw | null> {
  if (by !== algorithm) return null
  const { standard, workers, atLeast, groups } = Population.parse(JSON.parse(text))
  const { content: { interviewSampling, auditEffort } } = await standardById(db, standard)
  return drawInterviews(groups, seed, { workers, atLeast, tables: { foreignWorkerInterviews: interviewSampling.foreignWorkerInterviews, amforiBsciComparison: auditEffort.amforiBsciComparison } })
}
