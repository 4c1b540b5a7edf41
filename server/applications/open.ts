import { and, eq, sql } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { endStages } from '../domain/lifecycle.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { standardInForce } from '../standard/queries.ts'

const openOnly = `stage not in (${endStages.map(stage => `'${stage}'`).join(',')})`

/** Begins an application against the standard of today. One at a time: the partial unique index decides between two who try at once. */
export async function openApplication(tx: Db, { personId, employerId }: Viewer, requestId: string, now: Date, renews: string | null = null): Promise<{ id: string } | Refusal> {
  if (!employerId) return { refused: 'needs', missing: ['profile_complete'] }
  const standard = await standardInForce(tx, japanDate(now))
  const certified = await tx.$count(applications, and(eq(applications.employerId, employerId), eq(applications.stage, 'certified')))
  const [opened] = await tx.insert(applications)
    .values({ employerId, standardId: standard.id, cycle: certified + 1, openedBy: personId, openedAt: now, stageSince: now, renews })
    .onConflictDoNothing({ target: [applications.employerId, applications.standardId], where: sql.raw(openOnly) }).returning({ id: applications.id })
  if (!opened) return { refused: 'one_open_application' }
  await record(tx, { personId, role: 'applicant', requestId }, { operation: renews ? 'renewals.open' : 'applications.open', applicationId: opened.id, employerId, after: { standardId: standard.id, ...(renews ? { renews } : {}) } })
  return opened
}
