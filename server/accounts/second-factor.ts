import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { Secret, TOTP } from 'otpauth'
import { people, sessions } from '../../schema/accounts.ts'
import { within, type Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

const stepSeconds = 30
const most_tries = 5

/** The secret to enrol, made once; null when the person has confirmed one: it is never shown again. */
export async function secretToEnrol(db: Db, viewer: Viewer): Promise<{ secret: string; uri: string } | null> {
  const [person] = await db.select().from(people).where(eq(people.id, viewer.personId))
  if (!person || person.totpConfirmedAt) return null
  const secret = person.totpSecret ?? new Secret({ size: 20 }).base32
  if (!person.totpSecret) await db.update(people).set({ totpSecret: secret }).where(and(eq(people.id, viewer.personId), isNull(people.totpSecret)))
  return { secret, uri: generator(secret, viewer.email).toString() }
}

/** Takes a code of the app; each counts once, one step of clock drift is forgiven. The first right one confirms the enrolment. */
export async function showSecondFactor(db: Db, viewer: Viewer, code: string, now: Date): Promise<{ shown: true } | Refusal> {
  return within(db, async tx => {
    const [person] = await tx.select().from(people).where(eq(people.id, viewer.personId)).for('update')
    if (!person?.totpSecret) return { refused: 'code_wrong' }
    const delta = generator(person.totpSecret, person.email).validate({ token: code, timestamp: now.getTime(), window: 1 })
    if (delta === null) return wrongCode(tx, viewer)
    const used = Math.floor(now.getTime() / 1000 / stepSeconds) + delta
    const fresh = await tx.update(people).set({ totpLastStep: used, totpConfirmedAt: person.totpConfirmedAt ?? now })
      .where(and(eq(people.id, person.id), or(isNull(people.totpLastStep), lt(people.totpLastStep, used)))).returning({ id: people.id })
    if (fresh.length === 0) return wrongCode(tx, viewer)
    await tx.update(sessions).set({ secondFactorAt: now }).where(eq(sessions.tokenHash, viewer.tokenHash))
    await record(tx, { personId: person.id, role: 'public' }, { operation: 'accounts.second_factor', subjectId: person.id })
    return { shown: true }
  })
}

// Six digits, three of them right at any time: who guesses five times wrong begins again with a code by mail, and of those there are few an hour.
async function wrongCode(tx: Db, { tokenHash }: Viewer): Promise<Refusal> {
  const [session] = await tx.update(sessions).set({ secondFactorTries: sql`${sessions.secondFactorTries} + 1` }).where(eq(sessions.tokenHash, tokenHash)).returning({ tries: sessions.secondFactorTries })
  if (session && session.tries < most_tries) return { refused: 'code_wrong' }
  await tx.delete(sessions).where(eq(sessions.tokenHash, tokenHash))
  return { refused: 'code_expired' }
}

const generator = (secret: string, email: string) => new TOTP({ issuer: 'Akashi', label: email, period: stepSeconds, secret: Secret.fromBase32(secret) })
