import { randomBytes } from 'node:crypto'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { memberships, people } from '../../schema/accounts.ts'
import { buyerMembers } from '../../schema/buyers.ts'
import { calendarFeeds } from '../../schema/calendars.ts'
import type { Db } from '../adapters/database.ts'
import type { StaffRole } from '../domain/roles.ts'
import { asLocale } from '../http/locale.ts'
import { hashToken, rolesOf, tiedToOn } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

type By = { personId: string; requestId: string; now: Date }

/** A new secret address for a person's calendar; the one before ends. The secret is shown this once. */
export async function makeFeed(tx: Db, by: By): Promise<{ token: string }> {
  await revokeFeed(tx, by)
  const token = randomBytes(24).toString('base64url')
  await tx.insert(calendarFeeds).values({ tokenHash: hashToken(token), personId: by.personId, madeAt: by.now })
  await record(tx, { personId: by.personId, role: 'public', requestId: by.requestId }, { operation: 'calendars.make', subjectId: by.personId })
  return { token }
}

export const revokeFeed = (tx: Db, { personId, now }: By) => tx.update(calendarFeeds).set({ revokedAt: now }).where(and(eq(calendarFeeds.personId, personId), isNull(calendarFeeds.revokedAt)))

export async function feedOf(db: Db, personId: string): Promise<{ madeAt: Date; lastReadOn: string | null } | null> {
  const [feed] = await db.select({ madeAt: calendarFeeds.madeAt, lastReadOn: calendarFeeds.lastReadOn }).from(calendarFeeds).where(and(eq(calendarFeeds.personId, personId), isNull(calendarFeeds.revokedAt)))
  return feed ?? null
}

/** Whose calendar a secret opens, in the roles that they hold now; undefined for a wrong or an ended one alike. */
export async function readerOf(db: Db, token: string, today: string) {
  const [row] = await db.select({ person: people, employerId: memberships.employerId, buyerId: buyerMembers.buyerId, tiedTo: tiedToOn(today), lastReadOn: calendarFeeds.lastReadOn }).from(calendarFeeds).innerJoin(people, eq(people.id, calendarFeeds.personId))
    .leftJoin(memberships, eq(memberships.personId, people.id)).leftJoin(buyerMembers, eq(buyerMembers.personId, people.id)).where(and(eq(calendarFeeds.tokenHash, hashToken(token)), isNull(calendarFeeds.revokedAt)))
  if (!row) return undefined
  if (row.lastReadOn !== today) await db.update(calendarFeeds).set({ lastReadOn: sql`${today}` }).where(eq(calendarFeeds.tokenHash, hashToken(token)))
  const { person, employerId, buyerId, tiedTo } = row
  return { personId: person.id, employerId, buyerId, tiedTo, roles: rolesOf(person.staffRoles as StaffRole[], { employerId, buyerId }), locale: asLocale(person.locale) }
}
