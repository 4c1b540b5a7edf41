import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { secondMarks, secondScorings } from '../../schema/second-scorings.ts'
import type { SecondMarked, SecondMarkForm } from '../../schema/second-scoring-forms.ts'
import type { Db } from '../adapters/database.ts'
import { criteriaFor } from '../applications/criteria.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { marksIn, scoringOf } from './queries.ts'

type By = { viewer: Viewer; requestId: string; now: Date }
type Kept = { id: string }
// Never the case's own journal: the first assessor reads that one, and is not to learn of this.
const noted = (tx: Db, { viewer, requestId }: By, operation: string, subjectId: string) => record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation, subjectId })

/** C3: free of ties, said before anything of the file is seen. Whoever has one tells of it on the page of ties, and the file is gone. */
export async function declareFree(tx: Db, id: string, by: By): Promise<Kept | Refusal> {
  const scoring = await scoringOf(tx, id, by.viewer, { lock: true })
  if (!scoring) return { refused: 'not_found' }
  if (scoring.declaredAt) return { id }
  await tx.update(secondScorings).set({ declaredAt: by.now }).where(eq(secondScorings.id, id))
  await noted(tx, by, 'second_scorings.declare', id)
  return { id }
}

export async function markSecond(tx: Db, { id, criterion, rating, note }: z.infer<typeof SecondMarkForm> & { id: string; criterion: string }, by: By): Promise<(z.infer<typeof SecondMarked> & { next: string | null }) | Refusal> {
  const scoring = await scoringOf(tx, id, by.viewer, { lock: true })
  if (!scoring) return { refused: 'not_found' }
  if (!scoring.declaredAt) return { refused: 'interests_not_declared' }
  if (scoring.finishedAt) return { refused: 'closed_for_changes' }
  const criteria = await criteriaFor(tx, scoring, by.now)
  if (!criteria.some(one => one.id === criterion)) return { refused: 'not_found' }
  const before = await marksIn(tx, id), kept = { rating, note, markedAt: by.now }
  await (before.some(mark => mark.criterion === criterion)
    ? tx.update(secondMarks).set(kept).where(and(eq(secondMarks.scoringId, id), eq(secondMarks.criterion, criterion)))
    : tx.insert(secondMarks).values({ scoringId: id, criterion, ...kept }))
  const done = new Set([criterion, ...before.map(mark => mark.criterion)])
  return { criterion, rating, next: criteria.find(one => !done.has(one.id))?.id ?? null }
}

/** From then on nothing of it changes, and it counts. */
export async function finish(tx: Db, id: string, by: By): Promise<Kept | Refusal> {
  const scoring = await scoringOf(tx, id, by.viewer, { lock: true })
  if (!scoring) return { refused: 'not_found' }
  if (scoring.finishedAt) return { id }
  const marks = new Set((await marksIn(tx, id)).map(mark => mark.criterion))
  if (!scoring.declaredAt || (await criteriaFor(tx, scoring, by.now)).some(one => !marks.has(one.id))) return { refused: 'needs', missing: ['criteria_rated'] }
  await tx.update(secondScorings).set({ finishedAt: by.now }).where(eq(secondScorings.id, id))
  await noted(tx, by, 'second_scorings.finish', id)
  return { id }
}
