import { sql } from 'drizzle-orm'
import { reissueCertificates, reissues } from '../../schema/certificates.ts'
import { signingKeyEvents } from '../../schema/log.ts'
import { within, type Db } from '../adapters/database.ts'
import { revokeDevelopmentSeal } from '../adapters/development-authority.ts'
import { certificatesIn } from '../adapters/pem.ts'
import { japanDate } from '../domain/calendar.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { record } from '../journal/record.ts'
import { stillCounts } from '../reissues/order.ts'
import type { KnownKey } from './history.ts'

export type Touched = { certificateId: string; number: string; edition: number; sealedAt: Date }

/** Tells of it in the log first: from then on nothing is signed with the key. A development seal is also revoked by its authority, with the date. */
export async function tellOfCompromise(db: Db, { keyId, purpose, certificatesPem }: KnownKey, { since, at, dataDir }: { since: Date; at: Date; dataDir: string }): Promise<void> {
  await within(db, async tx => {
    await tx.insert(signingKeyEvents).values({ keyId, event: 'compromised', since, at })
    await enqueueJob(tx, 'publish_status') // with a key that is to be believed
  })
  const [leaf] = certificatesIn(certificatesPem ?? '')
  if (purpose === 'seal' && leaf?.subject.includes('NOT TRUSTED')) await revokeDevelopmentSeal(dataDir, leaf.raw, { at: since, reason: 'keyCompromise' })
}

/** Certificates whose newest edition rests on this key alone since then: sealed later, without a time stamp, or with a credential signed later. */
export async function touchedBy(db: Db, { keyId, purpose }: KnownKey, since: Date): Promise<Touched[]> {
  if (purpose === 'log') return []
  const bySeal = sql`c.key_id = ${keyId} and (${firstSealed} >= ${since.toISOString()} or c.level = 'B-B')`
  const byCredential = sql`${firstSealed} >= ${since.toISOString()} and ${kidOf} like ${`%#${keyId}`}`
  const rows = await db.execute<Omit<Touched, 'sealedAt'> & { sealedAt: string }>(sql`
    select c.id as "certificateId", c.number, c.edition, ${firstSealed} as "sealedAt" from public_certificates c where ${purpose === 'seal' ? bySeal : byCredential} order by c.number`)
  return rows.map(row => ({ ...row, sealedAt: new Date(row.sealedAt) }))
}

// What was prolonged since was sealed before.
const firstSealed = sql`(select min(f.sealed_at) from certificate_files f where f.certificate_id = c.id and f.edition = c.edition)`

// The header of a JWS, out of base64url.
const kidOf = sql`convert_from(decode(rpad(translate(split_part(c.credential, '.', 1), '-_', '+/'), (ceil(length(split_part(c.credential, '.', 1)) / 4.0) * 4)::int, '='), 'base64'), 'UTF8')::json->>'kid'`

/** An order to issue these again with the keys now in use, those that have not ended; null when none is left. */
export async function orderFor(db: Db, touched: readonly Touched[], { keyId, purpose }: KnownKey, at: Date): Promise<{ reissueId: string; certificates: number } | null> {
  return within(db, async tx => {
    const ids = touched.map(({ certificateId }) => certificateId)
    const open = await tx.execute<{ certificateId: string }>(sql`
      select c.id as "certificateId" from public_certificates c where c.id = any(string_to_array(${ids.join(',')}, ',')::uuid[]) and ${stillCounts(japanDate(at))}`)
    if (open.length === 0) return null
    const [order] = await tx.insert(reissues).values({ reason: `${purpose} key ${keyId.slice(0, 16)} compromised` }).returning({ id: reissues.id })
    if (!order) throw new Error('the order just written is not there')
    for (let from = 0; from < open.length; from += 1000) {
      await tx.insert(reissueCertificates).values(open.slice(from, from + 1000).map(({ certificateId }) => ({ reissueId: order.id, certificateId })))
    }
    await enqueueJob(tx, 'reissue', { reissueId: order.id })
    await record(tx, { personId: null, role: 'operator' }, { operation: 'reissues.order', subjectId: order.id, after: { certificates: open.length } })
    return { reissueId: order.id, certificates: open.length }
  })
}
