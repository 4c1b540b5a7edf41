import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'

/** A sealed dossier as its rows stand now: `dossier` is what they hash to, `altered` names those that are not as they were sealed. Whose it is nobody learns. */
export type DossierNow = { seq: number; dossier: string | null; altered: string[] }

const atOnce = 100 // a query has twelve seconds; each dossier is some hundreds of rows to hash

/** Every sealed dossier in the order of the log, hashed again from the rows themselves: what stands in `dossiers` is believed in nothing but its salt. */
export async function* dossiersNow(db: Db): AsyncGenerator<DossierNow> {
  for (let last = -1; ;) {
    const rows = [...await db.execute<DossierNow>(sql`
      select d.log_seq::int as seq, dossier_now(d.application_id) as dossier,
        (select coalesce(json_agg(part || ' ' || change order by part), '[]') from dossier_differences(d.application_id) where change <> 'added') as altered
      from dossiers d where d.log_seq > ${last} order by d.log_seq limit ${atOnce}`)]
    yield* rows
    last = rows.at(-1)?.seq ?? last
    if (rows.length < atOnce) return
  }
}

/** For whoever replays the log: a line of JSON each. */
export async function* dossierLines(db: Db): AsyncGenerator<string> {
  for await (const now of dossiersNow(db)) yield `${JSON.stringify(now)}\n`
}

/** The lines of the log whose dossier is not what was sealed, or not there, in words: which answer, document or finding it is. */
export async function alteredDossiers(db: Db): Promise<string[]> {
  const sealed = new Map([...await db.execute<{ seq: number; dossier: string }>(sql`select seq::int as seq, body::json->>'dossier' as dossier from log_entries where body::json->>'type' = 'dossier_sealed'`)].map(({ seq, dossier }) => [seq, dossier]))
  const named: string[] = []
  for await (const { seq, dossier, altered } of dossiersNow(db)) {
    if (sealed.get(seq) !== dossier) named.push(`the dossier of line ${seq} is not what was sealed: ${altered.join(', ') || 'its seal was written anew'}`)
    sealed.delete(seq)
  }
  return [...named, ...[...sealed.keys()].map(seq => `the dossier of line ${seq} is gone`)]
}
