import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { applications } from '../../schema/applications.ts'
import { assignments } from '../../schema/assessments.ts'
import type { Audits, Bundle } from '../../schema/notebook-shapes.ts'
import { notebookDevices, notebookTakeouts } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Locale } from '../http/locale.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { visitOf } from '../visits/queries.ts'
import { bundleOf } from './bundle.ts'
import { carriedBy } from './carried.ts'

type Audit = z.infer<typeof Audits>['audits'][number]

/** What this assessor can take out: nothing of a client that they are tied to, nothing before they declared their interests. */
export async function auditsOf(db: Db, viewer: Viewer, now: Date): Promise<z.infer<typeof Audits>> {
  const mine = await db.select({ id: applications.id, employerId: applications.employerId }).from(assignments).innerJoin(applications, eq(applications.id, assignments.applicationId))
    .where(and(eq(assignments.personId, viewer.personId), eq(assignments.part, 'assessor'), isNull(assignments.endedAt), sql`is_in_the_field(${applications.id})`)).orderBy(applications.id)
  const open = mine.filter(({ employerId }) => !viewer.tiedTo.includes(employerId)).map(({ id }) => id)
  const carried = open.length === 0 ? [] : await db.select({ applicationId: notebookTakeouts.applicationId }).from(notebookTakeouts).innerJoin(notebookDevices, eq(notebookDevices.device, notebookTakeouts.device))
    .where(and(eq(notebookDevices.personId, viewer.personId), isNull(notebookDevices.wipeOrderedAt), inArray(notebookTakeouts.applicationId, open)))
  const audits: Audit[] = []
  for (const id of open) {
    const theCase = await findCaseAs(db, id, viewer, 'assessor')
    if (isRefusal(theCase)) continue
    const { nameJa, nameEn, stage } = headOf(theCase, now)
    const visit = await visitOf(db, id)
    audits.push({ applicationId: id, nameJa, nameEn, stage, startsOn: visit?.startsOn ?? null, endsOn: visit?.endsOn ?? null, takenOut: carried.some(({ applicationId }) => applicationId === id) })
  }
  return { audits }
}

type TakeOut = { applicationId: string; device: string; viewer: Viewer; locale: Locale; now: Date; requestId: string }

/** The device carries the audit from now on. Taken out again it gets a fresh bundle, and the first time stands. */
export async function takeOut(tx: Db, { applicationId, device, viewer, locale, now, requestId }: TakeOut): Promise<z.infer<typeof Bundle> | Refusal> {
  const carried = await carriedBy(tx, applicationId, device, viewer, { lock: true })
  if (isRefusal(carried)) return carried
  if (carried.device.wipeOrderedAt) return { refused: 'device_wiped' }
  if (!carried.theCase) return { refused: 'not_found' }
  if (!carried.inField) return { refused: 'closed_for_changes' }
  const [taken] = await tx.insert(notebookTakeouts).values({ device, applicationId, takenBy: viewer.personId, takenAt: now }).onConflictDoNothing().returning()
  await tx.update(notebookDevices).set({ seenAt: now }).where(eq(notebookDevices.device, device))
  if (taken) await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'notebooks.take_out', applicationId, subjectId: device })
  return bundleOf(tx, carried.theCase, viewer, { locale, now })
}
