import { and, eq, isNull } from 'drizzle-orm'
import { recordedTies } from '../../schema/ties.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import type { interestQuestions } from '../domain/independence.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

type By = { viewer: Viewer; requestId: string; now: Date }
type Told = { corporateNumber: string; kind: (typeof interestQuestions)[number]; statement: string }

const who = ({ viewer, requestId }: By) => ({ personId: viewer.personId, role: viewer.roles[0] ?? 'public', requestId } as const)

/** C3: a tie told of oneself. From the next request on this company's cases are gone for the one who told it. */
export async function recordTie(tx: Db, { corporateNumber, kind, statement }: Told, by: By): Promise<{ id: string }> {
  const { personId } = by.viewer
  const [row] = await tx.insert(recordedTies).values({ personId, corporateNumber, kind, statement, recordedBy: personId, recordedAt: by.now }).returning({ id: recordedTies.id })
  if (!row) throw new Error('the tie just recorded is not there')
  await record(tx, who(by), { operation: 'ties.record', subjectId: personId, after: { kind } })
  return row
}

/** It ended, on a day that has come; it counts 24 months longer. Written once: Postgres keeps it (tie_is_kept). */
export async function endTie(tx: Db, id: string, endedOn: string, by: By): Promise<{ id: string } | Refusal> {
  if (endedOn > by.viewer.today) return { refused: 'day_unusable' }
  const [told] = await tx.select({ at: recordedTies.recordedAt }).from(recordedTies).where(and(eq(recordedTies.id, id), eq(recordedTies.personId, by.viewer.personId), isNull(recordedTies.endedOn)))
  if (told && endedOn < japanDate(told.at)) return { refused: 'tie_before_told' } // or whoever is kept from a case would unsay why
  const [row] = await tx.update(recordedTies).set({ endedOn }).where(and(eq(recordedTies.id, id), eq(recordedTies.personId, by.viewer.personId), isNull(recordedTies.endedOn))).returning({ id: recordedTies.id })
  if (!row) return { refused: 'not_found' }
  await record(tx, who(by), { operation: 'ties.end', subjectId: by.viewer.personId, after: { endedOn } })
  return row
}
