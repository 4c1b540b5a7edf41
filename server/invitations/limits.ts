import { and, desc, eq, gte, sql } from 'drizzle-orm'
import { invitationMails, invitations } from '../../schema/invitations.ts'
import type { Db } from '../adapters/database.ts'
import { addDays, japanDate } from '../domain/calendar.ts'
import { most_mails_a_day, quiet_days } from '../domain/invitations.ts'

const morning = (day: string) => new Date(`${day}T00:00:00+09:00`)

/** How many mails of invitations this buyer may still send today, in Japan. */
export async function mailsLeft(db: Db, buyerId: string, now: Date): Promise<number> {
  const sent = await db.$count(invitationMails, and(eq(invitationMails.buyerId, buyerId), gte(invitationMails.sentAt, morning(japanDate(now)))))
  return Math.max(0, most_mails_a_day - sent)
}

/** The day from which this buyer may ask again a supplier, or an address, that said no; null when nothing stands in the way. */
export async function quietUntil(db: Db, buyerId: string, about: { supplierId: string; toEmail?: string }, now: Date): Promise<string | null> {
  const { supplierId, toEmail = '' } = about
  const [no] = await db.select({ at: invitations.answeredAt }).from(invitations)
    .where(and(eq(invitations.buyerId, buyerId), eq(invitations.answer, 'declined'), sql`(${invitations.supplierId} = ${supplierId} or ${invitations.toEmail} = ${toEmail})`))
    .orderBy(desc(invitations.answeredAt)).limit(1)
  const until = no?.at ? addDays(japanDate(no.at), quiet_days) : null
  return until && until > japanDate(now) ? until : null
}
