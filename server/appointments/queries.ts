import { and, asc, eq, isNull } from 'drizzle-orm'
import { unavailableDays } from '../../schema/appointments.ts'
import type { Db } from '../adapters/database.ts'

/** Days on which the employer said that it cannot be visited, and did not take back. */
export const unavailableDaysOf = (db: Db, applicationId: string) =>
  db.select({ id: unavailableDays.id, startsOn: unavailableDays.startsOn, endsOn: unavailableDays.endsOn, reason: unavailableDays.reason }).from(unavailableDays)
    .where(and(eq(unavailableDays.applicationId, applicationId), isNull(unavailableDays.takenBackAt))).orderBy(asc(unavailableDays.startsOn), asc(unavailableDays.id))
