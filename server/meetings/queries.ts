import { desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { MeetingsPage } from '../../schema/meeting-shapes.ts'
import { meetings } from '../../schema/meetings.ts'
import type { Db } from '../adapters/database.ts'
import { headOf } from '../applications/case-as.ts'
import { findCase } from '../applications/case.ts'
import { japanDate } from '../domain/calendar.ts'
import { attendeeRoles } from '../domain/meetings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'

/** For everybody with a part in the case: the employer reads what was written about its disagreements. Who wrote it is for those inside. */
export async function meetingsPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<z.infer<typeof MeetingsPage> | Refusal> {
  const theCase = await findCase(db, id, viewer)
  if (isRefusal(theCase)) return theCase
  const isInside = !theCase.held.includes('applicant')
  const rows = await db.select({ meeting: meetings, by: people.name }).from(meetings).innerJoin(people, eq(people.id, meetings.writtenBy)).where(eq(meetings.applicationId, id)).orderBy(desc(meetings.writtenAt), desc(meetings.id))
  const written = rows.map(({ meeting: { id, kind, heldAt, attendees, disagreements, writtenAt }, by }, place) =>
    ({ id, kind, heldAt, attendees, disagreements, writtenAt, writtenBy: isInside ? by : null, counts: rows.findIndex(({ meeting }) => meeting.kind === kind) === place }))
  const mayWrite = theCase.held.includes('assessor') && theCase.declared && theCase.stage === 'visit_planned'
  return { head: headOf(theCase, now), mayWrite, today: japanDate(now), roles: [...attendeeRoles], meetings: written }
}
