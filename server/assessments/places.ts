import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { people } from '../../schema/accounts.ts'
import { assignments, benchPlaces } from '../../schema/assessments.ts'
import type { Db } from '../adapters/database.ts'
import type { Viewer } from '../http/viewer.ts'

/** Remembers where this assessor reads, so that they go on there after a reload and on another device. Reading it twice changes nothing. */
export async function keepPlace(db: Db, applicationId: string, criterion: string, { personId }: Viewer, at: Date): Promise<void> {
  await db.insert(benchPlaces).values({ applicationId, personId, criterion, at }).onConflictDoUpdate({ target: [benchPlaces.applicationId, benchPlaces.personId], set: { criterion, at } })
}

/** Where the reader was, and where the others who are on the case now are. Who was taken off is not shown any more. */
export async function placesOf(db: Db, applicationId: string, { personId }: Viewer) {
  const rows = await db.selectDistinctOn([sql`${people.name} collate "C"`, people.id], { id: people.id, name: people.name, criterion: benchPlaces.criterion, at: benchPlaces.at })
    .from(assignments).innerJoin(people, eq(people.id, assignments.personId))
    .leftJoin(benchPlaces, and(eq(benchPlaces.applicationId, assignments.applicationId), eq(benchPlaces.personId, assignments.personId)))
    .where(and(eq(assignments.applicationId, applicationId), eq(assignments.part, 'assessor'), isNull(assignments.endedAt))).orderBy(asc(sql`${people.name} collate "C"`), asc(people.id))
  return {
    place: rows.find(({ id }) => id === personId)?.criterion ?? null,
    colleagues: rows.filter(({ id }) => id !== personId).map(({ name, criterion, at }) => ({ name, criterion, at })),
  }
}
