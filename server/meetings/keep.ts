import { desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { MeetingForm } from '../../schema/meeting-shapes.ts'
import { meetings } from '../../schema/meetings.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { meetingFaultsOf } from '../domain/meetings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import type { Change } from '../visits/plan.ts'
import { visitOf } from '../visits/queries.ts'

/** ISO/IEC 17021-1 9.4.2, 9.4.7.3: who was there and what stayed disputed. A mistake is put right by writing it anew; the journal gets how many, no names. */
export async function keepMeeting(tx: Db, { applicationId, viewer, body: { kind, heldAt, attendees, disagreements }, now, requestId }: Change<z.infer<typeof MeetingForm>>): Promise<{ id: string } | Refusal> {
  const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true })
  if (isRefusal(theCase)) return theCase
  const visit = await visitOf(tx, applicationId)
  if (theCase.stage !== 'visit_planned' || !visit) return { refused: 'closed_for_changes' }
  const before = await tx.select().from(meetings).where(eq(meetings.applicationId, applicationId)).orderBy(desc(meetings.writtenAt), desc(meetings.id))
  const missing = meetingFaultsOf({ kind, heldAt }, before, { startsOn: visit.startsOn, begunAt: visit.begunAt, stageSince: theCase.stageSince, now })
  if (missing.length > 0) return { refused: 'needs', missing }
  const [row] = await tx.insert(meetings).values({ applicationId, kind, heldAt, attendees, disagreements, writtenBy: viewer.personId, writtenAt: now }).returning({ id: meetings.id })
  if (!row) throw new Error('the meeting just written is not there')
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, {
    operation: 'meetings.keep', applicationId, employerId: theCase.employerId, subjectId: row.id, after: { kind, heldAt: heldAt.toISOString(), attendees: attendees.length, disagreements: disagreements === '' ? 'none' : 'written' },
  })
  return row
}
