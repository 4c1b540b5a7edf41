import { asc, eq, inArray, sql } from 'drizzle-orm'
import { certificates } from '../../schema/certificates.ts'
import { within, type Db } from '../adapters/database.ts'
import { sealEdition, tellOf, type SealedFile } from '../certificates/edition.ts'
import { japanDate, type CalendarDate } from '../domain/calendar.ts'
import type { CertificateStatement } from '../domain/statement.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import type { World } from '../world.ts'
import { stillCounts } from './order.ts'

const batch = { size: 40, atOnce: 4 } // lines of one batch share a transaction: the log's lock is taken once for all of them

type Open = { id: string; edition: number; statement: CertificateStatement }

/**
 * Job: seals the next few of an order and queues itself again until none is left. What is done has a file of this order, so a run that
 * dies, or runs twice, goes on where the files end. When nothing of a batch can be done it fails, and the job tries again later.
 */
export async function reissue(world: World, reissueId: string): Promise<void> {
  const { database: { db }, documents: store, now } = world
  const on = japanDate(now())
  const open = await openOf(db, reissueId, on)
  if (open.length === 0) return
  const { sealed, failures } = await sealAll(world, open)
  if (sealed.length === 0) throw failures[0]
  const told = await within(db, async tx => {
    // All certificates before the log's lock, in one order: two runs of one order, each with its own, would wait for each other.
    await tx.select({ id: certificates.id }).from(certificates).where(inArray(certificates.id, sealed.map(file => file.certificateId))).orderBy(asc(certificates.id)).for('update')
    const counting = new Set((await openOf(tx, reissueId, on)).map(({ id }) => id)) // one may have ended, or been told of by another run, while it was sealed
    const outcomes: boolean[] = []
    for (const file of sealed) outcomes.push(counting.has(file.certificateId) && await tellOf(tx, file, { event: 'reissued', on, actor: 'operator', reissueId }))
    await enqueueJob(tx, 'reissue', { reissueId })
    return outcomes
  })
  for (const [index, { documentKey }] of sealed.entries()) if (!told[index]) await store.delete(documentKey) // another run was faster
}

// What ended since the order was given is left as it is, like what had ended before.
const openOf = (db: Db, reissueId: string, today: CalendarDate) => db.execute<Open>(sql`
  select c.id, c.edition, c.statement from reissue_certificates r join public_certificates c on c.id = r.certificate_id
  where r.reissue_id = ${reissueId} and ${stillCounts(today)} and not exists (select from certificate_files f where f.certificate_id = r.certificate_id and f.reissue_id = r.reissue_id)
  order by r.certificate_id limit ${batch.size}`)

async function sealAll(world: World, open: readonly Open[]) {
  const sealed: SealedFile[] = []
  const failures: unknown[] = []
  const queue = [...open]
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await nextEdition(world, next).then(file => sealed.push(file), error => failures.push(error))
  }
  await Promise.all(Array.from({ length: batch.atOnce }, worker))
  return { sealed, failures }
}

async function nextEdition(world: World, { id, edition, statement }: Open): Promise<SealedFile> {
  const [certificate] = await world.database.db.select().from(certificates).where(eq(certificates.id, id))
  if (!certificate) throw new Error(`certificate ${id} is not there`)
  const next = { ...statement, edition: edition + 1, verifyUrl: `${world.publicUrl}/c/${certificate.number}` }
  return sealEdition(world, certificate, next, world.now())
}
