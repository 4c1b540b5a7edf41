import { and, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import type { TakeBackForm, UnavailableForm } from '../../schema/appointment-shapes.ts'
import { unavailableDays } from '../../schema/appointments.ts'
import type { Db } from '../adapters/database.ts'
import { addDays, japanDate } from '../domain/calendar.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import { speaking, type Spoken } from './door.ts'

const farthest_days = 366 // who is never there cannot be visited; a year at a time is enough to plan by

/** The employer's own days. Nothing is compared with a plan here: the answer would tell of an unannounced one. */
export async function tellUnavailable(tx: Db, spoken: Spoken<z.infer<typeof UnavailableForm>>): Promise<{ id: string } | Refusal> {
  const found = await speaking(tx, spoken)
  if (isRefusal(found)) return found
  if (found.side !== 'applicant') return { refused: 'not_your_step' }
  const { viewer, body: { startsOn, endsOn, reason }, now, requestId } = spoken
  const today = japanDate(now)
  if (endsOn < today || endsOn > addDays(today, farthest_days)) return { refused: 'days_out_of_reach' }
  const [row] = await tx.insert(unavailableDays).values({ applicationId: found.theCase.id, startsOn, endsOn, reason, toldBy: viewer.personId, toldAt: now }).returning({ id: unavailableDays.id })
  if (!row) throw new Error('the days just told are not there')
  await record(tx, { personId: viewer.personId, role: 'applicant', requestId }, { operation: 'appointments.tell_unavailable', applicationId: found.theCase.id, employerId: found.theCase.employerId, subjectId: row.id, after: { startsOn, endsOn, reason } })
  return row
}

export async function takeBack(tx: Db, spoken: Spoken<z.infer<typeof TakeBackForm>>): Promise<{ id: string } | Refusal> {
  const found = await speaking(tx, spoken)
  if (isRefusal(found)) return found
  if (found.side !== 'applicant') return { refused: 'not_your_step' }
  const { viewer, body: { unavailableId }, now, requestId } = spoken
  const [row] = await tx.update(unavailableDays).set({ takenBackAt: now })
    .where(and(eq(unavailableDays.id, unavailableId), eq(unavailableDays.applicationId, found.theCase.id), isNull(unavailableDays.takenBackAt))).returning({ id: unavailableDays.id })
  if (!row) return { refused: 'not_found' }
  await record(tx, { personId: viewer.personId, role: 'applicant', requestId }, { operation: 'appointments.take_back', applicationId: found.theCase.id, employerId: found.theCase.employerId, subjectId: row.id })
  return row
}
