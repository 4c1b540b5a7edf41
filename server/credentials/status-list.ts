import { gzipSync } from 'node:zlib'
import { desc, lt, sql } from 'drizzle-orm'
import { logState, statusLists } from '../../schema/log.ts'
import { within, type Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { standing, type CertificateEvent, type Standing } from '../domain/standing.ts'
import { refuseFormerKeys } from '../keys/ensure.ts'
import { didOf } from '../proof/did.ts'
import { statusPlaces, unzipped } from '../proof/status.ts'
import type { World } from '../world.ts'
import { signCredential } from './sign.ts'

const hour_ms = 3_600_000
const newAfterHours = 6
const validDays = 3
const keptDays = 30

/**
 * Job: signs the status list anew when a bit changed, the key or the address did, or the last is six hours old; forgets those of a month ago.
 * One builder at a time, and it looks at the register under the lock: the newest row is never older in what it says. Gives the list that counts.
 */
export async function publishStatus({ database: { db }, credentialKey, publicUrl, now }: World): Promise<string> {
  return within(db, async tx => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('akashi status list'))`)
    const at = now()
    const last = await latestStatusList(tx)
    const [log] = await tx.select({ size: logState.size }).from(logState) // before the register is read: the list says at least this much
    const bits = await bitsOf(tx, japanDate(at))
    const isGood = last && at.getTime() - last.builtAt.getTime() < newAfterHours * hour_ms && saysTheSame(last.credential, bits, `${didOf(publicUrl)}#${credentialKey.kid}`)
    if (isGood) return last.credential
    await refuseFormerKeys(tx, [credentialKey.kid])
    const validUntil = new Date(at.getTime() + validDays * 24 * hour_ms)
    const credential = await signCredential(listCredential(publicUrl, bits, at, validUntil), didOf(publicUrl), credentialKey)
    await tx.insert(statusLists).values({ credential, validUntil, builtAt: at, logSize: log?.size ?? 0 })
    await tx.delete(statusLists).where(lt(statusLists.builtAt, new Date(at.getTime() - keptDays * 24 * hour_ms)))
    return credential
  })
}

/** The list that all servers give out, whatever their clocks: the one that knows most of the log. None before the first was built. */
export async function latestStatusList(db: Db): Promise<{ credential: string; builtAt: Date } | undefined> {
  const [latest] = await db.select({ credential: statusLists.credential, builtAt: statusLists.builtAt }).from(statusLists).orderBy(desc(statusLists.logSize), desc(statusLists.builtAt)).limit(1)
  return latest
}

// Whoever holds the paper may not rely on it: suspended for now, or over before its date. An expired one says so itself.
const withoutEffect: readonly Standing[] = ['suspended', 'withdrawn', 'surrendered', 'transferred', 'replaced']

type Row = { place: number; issuedOn: string; expiresOn: string; events: CertificateEvent[] }

/** One round over the few certificates to which something like that ever happened; what it comes to today, the domain says. */
async function bitsOf(db: Db, today: string): Promise<Uint8Array> {
  const rows = await db.execute<Row>(sql`
    select c.status_index as place, c.issued_on::text as "issuedOn", c.expires_on::text as "expiresOn",
      json_agg(json_build_object('event', e.event, 'on', e.happened_on) order by e.happened_on, e.log_seq) as events
    from certificates c join certificate_events e on e.certificate_id = c.id
    where c.id in (select certificate_id from certificate_events where event in ('suspended', 'withdrawn', 'surrendered', 'transferred', 'replaced'))
    group by c.id`)
  const bits = new Uint8Array(statusPlaces / 8)
  for (const { place, events, ...validity } of rows) {
    if (withoutEffect.includes(standing(validity, events, today).standing)) bits[place >> 3] = (bits[place >> 3] ?? 0) | (0x80 >> (place & 7))
  }
  return bits
}

// W3C Bitstring Status List 1.0. "suspension" also for what ended: it can be taken back, and why is told on the page.
const listCredential = (publicUrl: string, bits: Uint8Array, at: Date, validUntil: Date) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'], id: `${publicUrl}/credentials/status`, type: ['VerifiableCredential', 'BitstringStatusListCredential'],
  issuer: didOf(publicUrl), validFrom: at.toISOString(), validUntil: validUntil.toISOString(),
  credentialSubject: {
    id: `${publicUrl}/credentials/status#list`, type: 'BitstringStatusList', statusPurpose: 'suspension', encodedList: `u${gzipSync(bits).toString('base64url')}`,
  },
})

function saysTheSame(credential: string, bits: Uint8Array, kid: string): boolean {
  const [header, payload] = credential.split('.', 2).map(part => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')))
  return header.kid === kid && Buffer.compare(unzipped(payload.credentialSubject.encodedList) ?? new Uint8Array(), bits) === 0
}
