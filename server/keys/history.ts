import { asc, sql } from 'drizzle-orm'
import { signingKeyEvents, signingKeys } from '../../schema/log.ts'
import type { Db } from '../adapters/database.ts'

export type Purpose = (typeof signingKeys.$inferSelect)['purpose']
export type KeyState = 'active' | 'retired' | 'compromised'
/** `since`: of an active key when it began, of a retired one when it stopped, of a compromised one from when on nothing counts. */
export type KnownKey = typeof signingKeys.$inferSelect & { state: KeyState; since: Date }

/** Every key that ever signed for us, oldest first, with what became of it. */
export async function keysOf(db: Db): Promise<KnownKey[]> {
  const keys = await db.select().from(signingKeys).orderBy(asc(signingKeys.addedAt), sql`array_position(array['seal', 'credential', 'log'], ${signingKeys.purpose})`)
  const events = await db.select().from(signingKeyEvents).orderBy(asc(signingKeyEvents.logSeq))
  return keys.map(key => ({ ...key, ...stateOf(key.addedAt, events.filter(({ keyId }) => keyId === key.keyId)) }))
}

type Event = typeof signingKeyEvents.$inferSelect

// A thief does not give a key back: compromised is for ever, and the earliest date that was ever named counts. Otherwise the last word does.
function stateOf(addedAt: Date, events: readonly Event[]): { state: KeyState; since: Date } {
  const stolen = events.filter(({ event }) => event === 'compromised').map(({ since, at }) => since ?? at)
  if (stolen.length > 0) return { state: 'compromised', since: new Date(Math.min(...stolen.map(Number))) }
  const last = events.at(-1)
  return { state: last?.event === 'retired' ? 'retired' : 'active', since: last?.at ?? addedAt }
}
