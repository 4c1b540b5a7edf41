import { sql } from 'drizzle-orm'
import { within, type Db } from '../adapters/database.ts'
import { endOfDay, japanDate } from '../domain/calendar.ts'
import { dueSoon, isOverdue } from '../domain/deadlines.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import type { World } from '../world.ts'
import { secretariatFor } from './mail.ts'

type Waiting = { id: string; due: string; applicationId: string; number: string; nameJa: string }
const waiting = sql`
  select r.id, r.review_by::text as due, c.application_id as "applicationId", c.number, c.statement->'holder'->>'nameJa' as "nameJa" from change_reports r join certificates c on c.id = r.certificate_id
  where not exists (select from change_reviews v where v.report_id = r.id)`

/** Hourly: the secretariat hears of a report of change that waits, a week and a day before its date, and when it has passed. Each once. */
export async function remindOfChanges({ database: { db }, now }: World): Promise<void> {
  for (const { id, due, applicationId, number, nameJa: employer } of await db.execute<Waiting>(waiting)) {
    const end = endOfDay(due), when = isOverdue(end, now()) ? 'late' : dueSoon(end, now())
    if (!when) continue
    await within(db, async tx => {
      for (const { email, locale, personId } of await secretariatFor(tx, applicationId, japanDate(now()))) {
        await enqueueMail(tx, { uniqueKey: `change_due:${id}:${when}:${personId}`, toEmail: email, locale, template: 'change_due', params: { employer, number, due, change: id, url: `/changes/${id}` } })
      }
    })
  }
}

/** Asked again when it is sent: does this still wait? */
export async function changeStillWaits(db: Db, id: string): Promise<boolean> {
  const [found] = await db.execute(sql`select from (${waiting}) w where w.id = ${id}`)
  return found !== undefined
}
