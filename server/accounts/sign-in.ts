import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { and, eq, gt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { people, sessions, signInCodes } from '../../schema/accounts.ts'
import { newId } from '../../schema/shared.ts'
import { within, type Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import { hashToken } from '../http/viewer.ts'
import type { Locale } from '../http/locale.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'

const codeMinutes = 15
const codesPerHour = 6
const sessionHours = 12

/** Mails a six-digit code; typed, never a link that a mail scanner could burn (decisions.md 16). Says the same for known and unknown addresses. */
export async function sendCode(db: Db, email: string, locale: Locale, now: Date): Promise<{ signInId: string } | Refusal> {
  return within(db, async tx => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`code for ${email}`}))`) // many at once are counted one by one
    const hourAgo = new Date(now.getTime() - 3_600_000)
    const [recent] = await tx.select({ codes: sql<number>`count(*)::int` }).from(signInCodes).where(and(eq(signInCodes.email, email), gt(signInCodes.createdAt, hourAgo)))
    if ((recent?.codes ?? 0) >= codesPerHour) return { refused: 'too_many_requests' }
    const signInId = newId()
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    const expiresAt = new Date(now.getTime() + codeMinutes * 60_000)
    await tx.insert(signInCodes).values({ id: signInId, email, codeHash: hashCode(signInId, code), createdAt: now, expiresAt })
    await enqueueMail(tx, { uniqueKey: `code:${signInId}`, toEmail: email, locale, template: 'code', params: { code, minutes: codeMinutes } })
    return { signInId }
  })
}

/** Where the code of this attempt went, as it was typed: a slip in one's own address is seen before one waits for the mail. */
export async function addressOf(db: Db, signInId: string | undefined): Promise<string | null> {
  if (!z.uuid().safeParse(signInId).success) return null
  const [row] = await db.select({ email: signInCodes.email }).from(signInCodes).where(eq(signInCodes.id, signInId ?? ''))
  return row?.email ?? null
}

/** Checks a typed code (five tries) and opens a session; the first code of an address makes the account. */
export async function signInWithCode(db: Db, signInId: string, code: string, locale: Locale, now: Date): Promise<{ token: string; personId: string } | Refusal> {
  return within(db, async tx => {
    const [row] = await tx.select().from(signInCodes).where(eq(signInCodes.id, signInId)).for('update')
    if (!row || row.used || row.expiresAt <= now || row.attemptsLeft === 0) return { refused: 'code_expired' }
    if (!timingSafeEqual(Buffer.from(row.codeHash), Buffer.from(hashCode(signInId, code)))) {
      await tx.update(signInCodes).set({ attemptsLeft: row.attemptsLeft - 1 }).where(eq(signInCodes.id, signInId))
      return row.attemptsLeft > 1 ? { refused: 'code_wrong' } : { refused: 'code_expired' }
    }
    await tx.update(signInCodes).set({ used: true }).where(eq(signInCodes.id, signInId))
    const personId = await personWithEmail(tx, row.email, locale)
    return { token: await openSession(tx, personId, now), personId }
  })
}

/** A session for one person; only its hash is kept. `trusted`: the second factor is taken as shown (development's one-click sign-in). */
export async function openSession(tx: Db, personId: string, now: Date, { trusted = false } = {}): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(now.getTime() + sessionHours * 3_600_000)
  await tx.insert(sessions).values({ tokenHash: hashToken(token), personId, expiresAt, secondFactorAt: trusted ? now : null })
  await record(tx, { personId, role: 'public' }, { operation: 'accounts.sign_in', subjectId: personId })
  return token
}

export const closeSession = (db: Db, tokenHash: string) => db.delete(sessions).where(eq(sessions.tokenHash, tokenHash))

async function personWithEmail(tx: Db, email: string, locale: Locale): Promise<string> {
  await tx.insert(people).values({ email, locale }).onConflictDoNothing()
  const [person] = await tx.select({ id: people.id }).from(people).where(eq(sql`lower(${people.email})`, email))
  if (!person) throw new Error('the person just made is not there')
  return person.id
}

const hashCode = (signInId: string, code: string) => createHash('sha256').update(`${signInId}:${code}`).digest('hex')
