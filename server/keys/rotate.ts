import { desc } from 'drizzle-orm'
import { logCheckpoints } from '../../schema/log.ts'
import type { Db } from '../adapters/database.ts'
import { newDevelopmentSeal } from '../adapters/development-authority.ts'
import { newKey, openKeys } from '../adapters/keys.ts'
import { openSigner } from '../adapters/signer.ts'
import { originOf } from '../proof/checkpoint.ts'
import { credentialRow, logRow, registerKeys, sealRow, type KeyRow } from './ensure.ts'
import type { Purpose } from './history.ts'

/** `ownSeal`: the seal key is configured, so nobody but its owner can make the next one. */
export type Place = { db: Db; dataDir: string; ownSeal: boolean; publicUrl: string }

/**
 * Makes the next key beside the present one, which retires: it vouches for what it signed and signs nothing new. Akashi takes the new key up when
 * it is started again; until then it issues nothing, because the key it has open is no longer in use. Null where we cannot make it.
 */
export async function rotate(purpose: Purpose, place: Place, at: Date): Promise<KeyRow | null> {
  if (purpose === 'seal' && place.ownSeal) return null
  const row = await made[purpose](place)
  await registerKeys(place.db, [row], at)
  return row
}

const made: Record<Purpose, (place: Place) => Promise<KeyRow>> = {
  async seal({ dataDir }) {
    await newDevelopmentSeal(dataDir)
    return sealRow(await openSigner({ dataDir }))
  },
  async credential({ dataDir }) {
    await newKey(dataDir, 'credential')
    return credentialRow((await openKeys(dataDir)).credentialKey)
  },
  async log({ dataDir, db, publicUrl }) {
    await newKey(dataDir, 'log')
    return logRow((await openKeys(dataDir)).logKey, await originOn(db, publicUrl))
  },
}

// Beside a running server the address may not be at hand, but the log knows its own name.
async function originOn(db: Db, publicUrl: string): Promise<string> {
  const [last] = await db.select({ note: logCheckpoints.note }).from(logCheckpoints).orderBy(desc(logCheckpoints.size)).limit(1)
  return last?.note.split('\n')[0] ?? originOf(publicUrl)
}
