import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import type { Standing } from '../domain/standing.ts'
import { mayRenew, renewalOpens } from '../domain/renewal.ts'

export type Renewal = { opensOn: string; open: boolean; applicationId: string | null }

/** For the holder: from when the next cycle can be applied for, or the case in which it was. Null when there is nothing to renew. */
export async function renewalOf(db: Db, certificate: { certificateId: string; standing: Standing; expiresOn: string }, today: string): Promise<Renewal | null> {
  const [row] = await db.execute<{ id: string }>(sql`select id from applications where renews = ${certificate.certificateId} and stage <> 'withdrawn' order by opened_at desc limit 1`)
  const refused = mayRenew(certificate, today)
  if (!row && refused?.refused === 'no_such_step') return null
  return { opensOn: renewalOpens(certificate.expiresOn), open: !row && !refused, applicationId: row?.id ?? null }
}

/** The certificate that a case renews, as a number. */
export async function renewedBy(db: Db, applicationId: string): Promise<string | null> {
  const [row] = await db.execute<{ number: string }>(sql`select c.number from applications a join certificates c on c.id = a.renews where a.id = ${applicationId}`)
  return row?.number ?? null
}
