import { and, eq, inArray, sql } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { within } from '../adapters/database.ts'
import { writableIn } from '../visits/notes.ts'
import type { World } from '../world.ts'
import { land } from './land.ts'

/** Hourly: an interview whose day had not come when it arrived, because its device's clock is ahead, lands when the day has; so does whatever else waits. */
export async function landLater(world: World): Promise<void> {
  const open = await world.database.db.select({ id: applications.id }).from(applications).where(and(inArray(applications.stage, [...writableIn]), sql`exists (select from notebook_versions v where v.application_id = ${applications.id}
    and v.arrived = 'merged' and v.kind in ('note', 'photo', 'interview') and not exists (select from notebook_landings l where l.application_id = v.application_id and l.hash = v.hash))`)).orderBy(applications.id)
  for (const { id } of open) await landIn(world, id, 'sweep')
}

/** Twice is once: the case is locked. */
export async function landIn({ database: { db }, now }: World, applicationId: string, requestId: string): Promise<void> {
  await within(db, async tx => {
    const { id, employerId, standardId, stage, scope, submittedAt } = applications
    const [theCase] = await tx.select({ id, employerId, standardId, stage, scope, submittedAt }).from(applications).where(eq(id, applicationId)).for('update')
    if (theCase) await land(tx, theCase, { now: now(), requestId })
  })
}
