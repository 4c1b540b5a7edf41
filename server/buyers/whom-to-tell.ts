import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'

/** Who hears of an answer: the one who asked, or, should they have left the company since, whoever has been in it longest. */
export async function whomToTell(db: Db, buyerId: string, askedBy: string): Promise<{ email: string; locale: string } | undefined> {
  const [to] = await db.execute<{ email: string; locale: string }>(sql`
    select p.email, p.locale from buyer_members m join people p on p.id = m.person_id where m.buyer_id = ${buyerId} order by m.person_id <> ${askedBy}, m.since, m.person_id limit 1`)
  return to
}
