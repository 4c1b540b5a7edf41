import { sql } from 'drizzle-orm'
import { reissues } from '../../schema/certificates.ts'
import type { Db } from '../adapters/database.ts'
import type { CalendarDate } from '../domain/calendar.ts'
import type { Refusal } from '../domain/refusal.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { record, type By } from '../journal/record.ts'

type Order = { reason: string; keyId?: string | undefined; today: CalendarDate }

/**
 * In the caller's transaction: an order to seal new editions, with the list of whom it concerns. A certificate that has ended is left as
 * it is: no new file is made of it (signing.md 7: old files are never sealed again either, they keep their hash and their line).
 */
export async function orderReissue(tx: Db, { reason, keyId, today }: Order, by: By): Promise<{ reissueId: string; certificates: number } | Refusal> {
  const [order] = await tx.insert(reissues).values({ reason, requestedBy: by.personId }).returning({ id: reissues.id })
  if (!order) throw new Error('the order just written is not there')
  const { count } = await tx.execute(sql`insert into reissue_certificates (reissue_id, certificate_id)
    select ${order.id}, id from public_certificates c where ${stillCounts(today)} and (${keyId ?? ''} = '' or key_id = ${keyId ?? ''})`) as unknown as { count: number }
  if (count === 0) return { refused: 'nothing_to_reissue' }
  await enqueueJob(tx, 'reissue', { reissueId: order.id })
  await record(tx, by, { operation: 'reissues.order', subjectId: order.id, after: { certificates: count } })
  return { reissueId: order.id, certificates: count }
}

/** On the view public_certificates as c. */
export const stillCounts = (today: CalendarDate) => sql`c.expires_on >= ${today}
  and exists (select from register_entries r where r.certificate_id = c.id and r.standing not in ('withdrawn', 'surrendered', 'transferred', 'replaced'))`
