import { randomBytes } from 'node:crypto'
import { count, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { nowhere, type DrawForm } from '../../schema/draw-shapes.ts'
import { interviewDraws } from '../../schema/draws.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { algorithm } from '../domain/draw.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import type { Change } from '../visits/plan.ts'
import { visitOf } from '../visits/queries.ts'
import { drawFrom, peopleIn, sha256, written } from './population.ts'

export const drawable: readonly Stage[] = ['desk_review', 'clarifying', 'visit_planned']

/** interview_sampling.rules: the system draws, the assessor gives head counts. A draw stays; another one gives its reason; none hears fewer than the plan, and other head counts than the application's say why. The journal gets no group: nothing in it leads to a person. */
export async function drawSample(tx: Db, { applicationId, viewer, body: { groups, reason, difference }, now, requestId }: Change<z.infer<typeof DrawForm>>): Promise<{ drawId: string; number: number } | Refusal> {
  const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true })
  if (isRefusal(theCase)) return theCase
  if (!theCase.scope || !drawable.includes(theCase.stage)) return { refused: 'closed_for_changes' }
  const housing = theCase.scope.sites.filter(({ kind }) => kind === 'housing').map(({ id }) => id)
  if (groups.some(({ dormitory }) => dormitory !== nowhere && !housing.includes(dormitory))) return { refused: 'needs', missing: ['known_sites'] }
  const [drawn] = await tx.select({ before: count() }).from(interviewDraws).where(eq(interviewDraws.applicationId, applicationId))
  const number = (drawn?.before ?? 0) + 1
  if (number > 1 && reason === '') return { refused: 'needs', missing: ['reason_to_draw_again'] }
  const told = theCase.scope.foreignWorkers
  if (peopleIn(groups) !== told && difference === '') return { refused: 'needs', missing: ['reason_for_other_head_counts'] }
  const atLeast = (await visitOf(tx, applicationId))?.interviewsPlanned ?? 0
  const population = written({ standard: theCase.standardId, workers: theCase.scope.workers, atLeast, groups, told, difference }), seed = randomBytes(16).toString('hex')
  const draw = await drawFrom(tx, population, seed)
  if (!draw) throw new Error('the algorithm of today is not known')
  if (draw.size < atLeast) return { refused: 'needs', missing: ['interviews_of_the_plan'] }
  const [row] = await tx.insert(interviewDraws).values({ applicationId, number, seed, algorithm, population, populationSha256: sha256(population), ...draw, reason, drawnBy: viewer.personId, drawnAt: now }).returning({ id: interviewDraws.id })
  if (!row) throw new Error('the draw just made is not there')
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'draws.draw', applicationId, employerId: theCase.employerId, subjectId: row.id, after: { number, size: draw.size, reason, difference } })
  return { drawId: row.id, number }
}
