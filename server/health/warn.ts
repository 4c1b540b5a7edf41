import { sql } from 'drizzle-orm'
import { people } from '../../schema/accounts.ts'
import { within } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import type { World } from '../world.ts'
import { endingsOf } from './endings.ts'

/** Writes to every operator once per threshold when a certificate of the seal or of the time stamps is about to end. Safe to run twice. */
export async function warnOfEndings(world: Pick<World, 'database' | 'signer' | 'timeStamps' | 'now'>): Promise<void> {
  const endings = endingsOf(world, world.now()).filter(({ what }) => what !== 'list') // an overdue list is seen on /health/ready: its authority makes the next one
  if (endings.length === 0) return
  await within(world.database.db, async tx => {
    const operators = await tx.select({ id: people.id, email: people.email, locale: people.locale }).from(people).where(sql`'operator' = any(${people.staffRoles})`)
    for (const { id, subject, endsAt, daysLeft, threshold } of endings) {
      for (const operator of operators) {
        await enqueueMail(tx, {
          uniqueKey: `key_ending:${id}:${threshold}:${operator.id}`, toEmail: operator.email, locale: operator.locale, template: 'key_ending',
          params: { certificate: subject, due: japanDate(endsAt), days: Math.max(0, daysLeft), url: '/health/ready' },
        })
      }
    }
  })
}
