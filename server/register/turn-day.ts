import { sql } from 'drizzle-orm'
import { within } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import type { World } from '../world.ts'

const batch = 500

/**
 * Job, every minute: writes down whose last day has passed, and tells of it as of any other change. Readers never wait for it (search.ts looks at
 * the dates), but watchers do. Twice, or two at once: a certificate expires once. The log's lock first, so that `seq` stays the order of commits.
 */
export async function turnDay({ database: { db }, now }: World): Promise<void> {
  const today = japanDate(now())
  for (let written = batch; written === batch;) {
    written = await within(db, async tx => {
      await tx.execute(sql`select size from log_state for update`)
      const rows = await tx.execute(sql`
        with over as (select certificate_id, standing from register_entries where expires_on < ${today} and standing not in ('withdrawn', 'surrendered', 'transferred', 'replaced', 'expired') order by certificate_id limit ${batch} for update),
          ended as (update register_entries e set standing = 'expired', standing_since = e.expires_on + 1, reason_class = null from over where e.certificate_id = over.certificate_id
            returning e.certificate_id, e.number, e.holder, e.expires_on, e.edition, over.standing as before)
        insert into register_changes (certificate_id, number, holder, change, happened_on, standing, standing_before, edition, at)
          select certificate_id, number, holder, 'expired', expires_on + 1, 'expired', before, edition, ${now().toISOString()}::timestamptz from ended
          on conflict do nothing returning 1`)
      return rows.length
    })
  }
}
