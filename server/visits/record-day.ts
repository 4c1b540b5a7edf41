import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { RecordForm } from '../../schema/visit-shapes.ts'
import { visits } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { japanDate } from '../domain/calendar.ts'
import { firstDayOf } from '../domain/visit-plan.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import type { Change } from './plan.ts'
import { visitOf } from './queries.ts'

/** C10: what the day brought. May be put right until the visit is closed; before and after stay in the journal, as numbers only. */
export async function recordDay(tx: Db, { applicationId, viewer, body, now, requestId }: Change<z.infer<typeof RecordForm>>): Promise<{ visitId: string } | Refusal> {
  const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true })
  if (isRefusal(theCase)) return theCase
  const known = await visitOf(tx, applicationId, { lock: true })
  if (!known || theCase.stage !== 'visit_planned') return { refused: 'closed_for_changes' }
  if (known.version !== body.version) return { refused: 'stale' }
  if (body.heldOn > japanDate(now) || body.heldOn < firstDayOf(known)) return { refused: 'needs', missing: ['visit_over'] }
  const { heldOn, openingMeeting, closingMeeting, workersInvited, workersAgreed, fees } = body
  const day = { heldOn, openingMeeting, closingMeeting, workersInvited, workersAgreed, fees }
  await tx.update(visits).set({ ...day, recordedAt: now, version: known.version + 1 }).where(eq(visits.id, known.id))
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, {
    operation: 'visits.record', applicationId, employerId: theCase.employerId, subjectId: known.id,
    before: { heldOn: known.heldOn, workersInvited: known.workersInvited, workersAgreed: known.workersAgreed, fees: known.fees }, after: { heldOn, workersInvited, workersAgreed, fees },
  })
  return { visitId: known.id }
}
