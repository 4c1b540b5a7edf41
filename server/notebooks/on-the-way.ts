import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'

/** What devices of this case still hold, as far as the server knows: items that they said they had when they last spoke, and files that an item names and nobody has brought. */
export async function onTheWay(db: Db, applicationId: string): Promise<{ items: number; files: number }> {
  const [row] = await db.execute<{ items: number; files: number }>(sql`
    select (select coalesce(sum(d.waiting), 0)::int from notebook_devices d where d.wipe_ordered_at is null and exists (select from notebook_takeouts t where t.device = d.device and t.application_id = ${applicationId})) as items,
      (select count(distinct n.file->>'sha256')::int from notebook_versions v cross join lateral jsonb_array_elements(v.files) n(file)
        where v.application_id = ${applicationId} and not exists (select from notebook_files k where k.application_id = v.application_id and k.sha256 = n.file->>'sha256')) as files`)
  return row ?? { items: 0, files: 0 }
}
