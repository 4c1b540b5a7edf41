import { sql } from 'drizzle-orm'
import { within, type Db } from '../adapters/database.ts'
import { dailyWindow } from '../domain/alerts.ts'
import type { World } from '../world.ts'
import { mailNews } from './mail.ts'
import { placeToldTo } from './tell.ts'

/**
 * Job, at seven in the morning in Japan: one mail with what was told since yesterday at seven to those who want one a day. The window is of
 * the clock, not of the run: a late run neither repeats nor forgets. Who is telling just now is waited for. The day is in the key: twice is once.
 */
export async function dailyAlerts({ database: { db }, now, publicUrl }: World): Promise<void> {
  const { from, until, day } = dailyWindow(now())
  await within(db, async tx => {
    await placeToldTo(tx)
    await mailNews(tx, { range: sql`a.at >= ${from.toISOString()} and a.at < ${until.toISOString()}`, mode: 'daily', key: `daily_alerts:${day}`, publicUrl })
  })
}

/** What was told since seven this morning and would have waited until tomorrow's, to one member and now. */
export const mailWaiting = (tx: Db, { personId, now, publicUrl }: { personId: string; now: Date; publicUrl: string }) =>
  mailNews(tx, { range: sql`p.id = ${personId} and a.at >= ${dailyWindow(now).until.toISOString()} and a.at < ${now.toISOString()}`, mode: 'daily', key: `daily_alerts_until:${now.toISOString()}`, publicUrl })
