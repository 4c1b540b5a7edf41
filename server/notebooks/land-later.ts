import { and, eq, sql } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { notebookLandings } from '../../schema/notebooks.ts'
import { within } from '../adapters/database.ts'
import type { World } from '../world.ts'
import { landInterviews } from './land-interviews.ts'
import { waitingIn } from './waiting.ts'

/** Hourly: an interview whose day had not come when it arrived, because its device's clock is ahead, lands when the day has. Twice is once: the case is locked. */
export async function landLater({ database: { db }, now }: World): Promise<void> {
  const open = await db.select({ id: applications.id }).from(applications).where(and(eq(applications.stage, 'visit_planned'), sql`exists (select from notebook_versions v where v.application_id = ${applications.id} and v.kind = 'interview'
    and v.arrived = 'merged' and not exists (select from notebook_landings l where l.application_id = v.application_id and l.hash = v.hash))`)).orderBy(applications.id)
  for (const { id } of open) {
    await within(db, async tx => {
      const [theCase] = await tx.select({ id: applications.id, employerId: applications.employerId, stage: applications.stage }).from(applications).where(eq(applications.id, id)).for('update')
      if (!theCase) return
      const waiting = (await waitingIn(tx, id, { now: now() })).filter(({ kind }) => kind === 'interview')
      const landed = await landInterviews(tx, theCase, waiting, { now: now(), requestId: 'sweep' })
      if (landed.length > 0) await tx.insert(notebookLandings).values(landed.map(row => ({ ...row, applicationId: id, landedAt: now() })))
    })
  }
}
