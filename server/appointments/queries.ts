import { and, asc, desc, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import type { AppointmentsPage } from '../../schema/appointment-shapes.ts'
import { dateAnswers, dateProposals, unavailableDays } from '../../schema/appointments.ts'
import type { Db } from '../adapters/database.ts'
import { headOf } from '../applications/case-as.ts'
import { findCase, type Case } from '../applications/case.ts'
import { agreedIn, isOpenFor, moveIn, type Side } from '../domain/appointments.ts'
import { japanDate } from '../domain/calendar.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { differ, type Days } from '../domain/visit-plan.ts'
import type { Viewer } from '../http/viewer.ts'
import { visitOf, type Visit } from '../visits/queries.ts'

/** Days on which the employer said that it cannot be visited, and did not take back. */
export const unavailableDaysOf = (db: Db, applicationId: string) =>
  db.select({ id: unavailableDays.id, startsOn: unavailableDays.startsOn, endsOn: unavailableDays.endsOn, reason: unavailableDays.reason }).from(unavailableDays)
    .where(and(eq(unavailableDays.applicationId, applicationId), isNull(unavailableDays.takenBackAt))).orderBy(asc(unavailableDays.startsOn), asc(unavailableDays.id))

/** Every proposal with its answer, newest first. */
export async function proposalsOf(db: Db, applicationId: string) {
  const rows = await db.select({ proposal: dateProposals, answer: dateAnswers }).from(dateProposals).leftJoin(dateAnswers, eq(dateAnswers.proposalId, dateProposals.id))
    .where(eq(dateProposals.applicationId, applicationId)).orderBy(desc(dateProposals.proposedAt), desc(dateProposals.id))
  return rows.map(({ proposal: { id, side, startsOn, endsOn, note, proposedAt }, answer }) =>
    ({ id, side, startsOn, endsOn, note, at: proposedAt, answer: answer && { outcome: answer.outcome, reason: answer.reason, at: answer.answeredAt } }))
}

export const agreedDaysOf = async (db: Db, applicationId: string) => agreedIn(await proposalsOf(db, applicationId))

/** C7: where the plan stands, and whether it left the days agreed. Only an announced one, and never the assessor's own words: this page is the employer's, whoever else reads it. */
function plannedIn(visit: Visit | null, agreed: Days | null) {
  if (!visit?.announced) return null
  const { startsOn, endsOn } = visit
  return { startsOn, endsOn, insteadOfAgreed: differ(visit, agreed) }
}

/** For whom this person speaks. Who belongs to the employer never speaks for the assessors. */
export const sideOf = ({ held, declared }: Pick<Case, 'held' | 'declared'>): Side | null => (held.includes('applicant') ? 'applicant' : held.includes('assessor') && declared ? 'assessor' : null)

export async function appointmentsPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<z.infer<typeof AppointmentsPage> | Refusal> {
  const theCase = await findCase(db, id, viewer)
  if (isRefusal(theCase)) return theCase
  const proposals = await proposalsOf(db, id), side = sideOf(theCase), visit = await visitOf(db, id), open = isOpenFor(theCase.stage, visit)
  return { head: headOf(theCase, now), side, open: open && side !== null, move: moveIn(open, proposals[0], side), planned: plannedIn(visit, agreedIn(proposals)), today: japanDate(now), unavailable: await unavailableDaysOf(db, id), proposals }
}
