import type { z } from 'zod'
import type { AnswerForm, ProposalForm } from '../../schema/appointment-shapes.ts'
import { dateAnswers, dateProposals } from '../../schema/appointments.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { dayFaultsOf } from '../domain/visit-plan.ts'
import { record } from '../journal/record.ts'
import { moveVisit } from '../visits/move.ts'
import { speaking, type Spoken } from './door.ts'
import { mailOtherSide } from './mail.ts'
import { proposalsOf, unavailableDaysOf } from './queries.ts'

/** Days as one side would have them. An open proposal of the other side is answered by this: the newest counts. */
export async function propose(tx: Db, spoken: Spoken<z.infer<typeof ProposalForm>>): Promise<{ id: string } | Refusal> {
  const found = await speaking(tx, spoken)
  if (isRefusal(found)) return found
  const { viewer, body: { startsOn, endsOn, note }, now, requestId } = spoken, { theCase, side } = found
  const missing = dayFaultsOf({ startsOn, endsOn }, await unavailableDaysOf(tx, theCase.id), japanDate(now))
  if (missing.length > 0) return { refused: 'needs', missing }
  const [row] = await tx.insert(dateProposals).values({ applicationId: theCase.id, side, startsOn, endsOn, note, proposedBy: viewer.personId, proposedAt: now }).returning({ id: dateProposals.id })
  if (!row) throw new Error('the proposal just made is not there')
  await record(tx, { personId: viewer.personId, role: side, requestId }, { operation: 'appointments.propose', applicationId: theCase.id, employerId: theCase.employerId, subjectId: row.id, after: { startsOn, endsOn, note } })
  await mailOtherSide(tx, theCase, { template: 'dates_proposed', subject: row.id, from: side, today: viewer.today })
  return row
}

/** Agreed days move an announced visit that is planned already; else they stand in the form of the plan. */
export async function answer(tx: Db, spoken: Spoken<z.infer<typeof AnswerForm>>): Promise<{ id: string } | Refusal> {
  const found = await speaking(tx, spoken)
  if (isRefusal(found)) return found
  const { viewer, body: { proposalId, outcome, reason }, now, requestId } = spoken, { theCase, side } = found
  const [newest, ...older] = await proposalsOf(tx, theCase.id)
  if (newest?.id !== proposalId) return { refused: older.some(({ id }) => id === proposalId) ? 'stale' : 'not_found' }
  if (newest.answer) return { refused: 'already_decided' }
  if (newest.side === side) return { refused: 'not_your_step' }
  const missing = outcome === 'agreed' ? dayFaultsOf(newest, await unavailableDaysOf(tx, theCase.id), japanDate(now)) : []
  if (missing.length > 0) return { refused: 'needs', missing }
  const [row] = await tx.insert(dateAnswers).values({ proposalId, side, outcome, reason, answeredBy: viewer.personId, answeredAt: now }).returning({ id: dateAnswers.id })
  if (!row) throw new Error('the answer just given is not there')
  await record(tx, { personId: viewer.personId, role: side, requestId }, { operation: 'appointments.answer', applicationId: theCase.id, employerId: theCase.employerId, subjectId: row.id, after: { outcome, reason, startsOn: newest.startsOn, endsOn: newest.endsOn } })
  if (outcome === 'agreed' && theCase.stage === 'visit_planned') await moveVisit(tx, theCase, newest, { viewer, side, requestId })
  await mailOtherSide(tx, theCase, { template: 'dates_answered', subject: row.id, from: side, today: viewer.today })
  return row
}
