import { eq } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { visits } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import type { Side } from '../domain/appointments.ts'
import { dueFor } from '../domain/deadlines.ts'
import type { Days } from '../domain/visit-plan.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { visitOf } from './queries.ts'

/** An announced visit goes to the days that both sides agreed on; sites, team and numbers stay as planned. */
export async function moveVisit(tx: Db, theCase: Case, { startsOn, endsOn }: Days, { viewer, side, requestId }: { viewer: Viewer; side: Side; requestId: string }): Promise<void> {
  const visit = await visitOf(tx, theCase.id, { lock: true })
  if (!visit) throw new Error('a planned visit is not there')
  await tx.update(visits).set({ startsOn, endsOn, version: visit.version + 1 }).where(eq(visits.id, visit.id))
  await tx.update(applications).set({ dueAt: dueFor(theCase.stage, theCase.stageSince, { visitEndsOn: endsOn }), version: theCase.version + 1 }).where(eq(applications.id, theCase.id))
  await record(tx, { personId: viewer.personId, role: side, requestId }, {
    operation: 'visits.move', applicationId: theCase.id, employerId: theCase.employerId, subjectId: visit.id, before: { startsOn: visit.startsOn, endsOn: visit.endsOn }, after: { startsOn, endsOn },
  })
}
