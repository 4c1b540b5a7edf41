import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'

/**
 * The credential of an issued certificate: of the newest edition, or of the one asked for. A file that was prolonged keeps the credential of
 * the file it prolongs. undefined: no such certificate; `credential` null: it has none, or no such edition.
 */
export async function credentialOf(db: Db, number: string, edition?: number): Promise<{ credential: string | null } | undefined> {
  const [row] = await db.execute<{ credential: string | null }>(sql`
    select (select f.credential from certificate_files f where f.certificate_id = c.id and f.credential is not null ${edition === undefined ? sql`` : sql`and f.edition = ${edition}`}
      order by f.edition desc, f.sealed_at limit 1) as credential
    from certificates c where c.number = ${number} and c.state = 'issued'`)
  return row
}
