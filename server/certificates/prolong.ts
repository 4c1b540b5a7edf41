import { createHash, X509Certificate } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { certificateFiles, certificates } from '../../schema/certificates.ts'
import { within } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { record } from '../journal/record.ts'
import { rangeOf } from '../proof/seal/byte-range.ts'
import { documentTimeStamp } from '../proof/seal/document-time-stamp.ts'
import { stillCounts } from '../reissues/order.ts'
import type { World } from '../world.ts'
import { keep, refuseUnsound, tellOf, type SealedFile } from './edition.ts'
import { evidenceFor, withEvidence, withTimeStamp } from './signature/long-term.ts'

const batch = 40 // files of one run; what fails is tried with others tomorrow, so no file stands in the way of the rest
const ahead_ms = 2 * 365 * 86_400_000 // so long before a time stamp's own certificate ends, another one is put around it

/**
 * Job, daily: appends proof to the files of certificates that still count, soon after sealing (B-LTA), and again before the authority behind
 * the last time stamp ends. Nothing under the profile B-T. Safe to run twice: each file is continued once. Throws when nothing could be done.
 */
export async function prolong(world: World): Promise<void> {
  if (world.sealProfile !== 'B-LTA') return
  const due = await dueIn(world)
  const failures: unknown[] = []
  for (const id of due) await prolongFile(world, id).catch(error => failures.push(error))
  if (due.length > 0 && failures.length === due.length) throw failures[0]
  if (due.length > 0) await enqueueJob(world.database.db, 'prolong')
}

// A time stamp of an authority that ends no later would add nothing; until one was seen, none is known to end later.
async function dueIn({ database: { db }, timeStamps: { leaf }, now }: World): Promise<string[]> {
  const at = now().toISOString(), next = (leaf ? dueAgain(new X509Certificate(leaf)) : new Date(0)).toISOString()
  const rows = await db.execute<{ id: string }>(sql`
    select f.id from public_certificates c join certificate_files f on f.sha256 = c.sha256
    where f.prolong_from < ${at} and f.sealed_at < ${at} and (f.level = 'B-T' or f.prolong_from < ${next}) and ${stillCounts(japanDate(now()))} order by random() limit ${batch}`)
  return [...rows].map(({ id }) => id)
}

const dueAgain = ({ validToDate }: X509Certificate) => new Date(validToDate.getTime() - ahead_ms)

async function prolongFile(world: World, id: string): Promise<void> {
  const { database: { db }, documents: store, now } = world
  const [row] = await db.select({ file: certificateFiles, certificate: certificates }).from(certificateFiles)
    .innerJoin(certificates, eq(certificates.id, certificateFiles.certificateId)).where(eq(certificateFiles.id, id))
  if (!row) throw new Error(`file ${id} is not there`)
  const { certificate: { number, applicationId, employerId } } = row
  const file = await prolonged(world, row.file, number)
  const told = await within(db, async tx => {
    if (!await tellOf(tx, file, { event: 'prolonged', on: japanDate(now()), actor: 'clock' })) return false
    await record(tx, { personId: null, role: 'clock' }, {
      operation: 'certificates.prolong', applicationId, employerId, subjectId: file.certificateId, after: { number, edition: file.edition, sha256: file.sha256, size: file.size },
    })
    return true
  })
  if (!told) await store.delete(file.documentKey) // another run of the job was faster
}

/** The next rendition: the registered bytes, proof after them; checked before and after, like every file that leaves the house. */
async function prolonged(world: World, { id, certificateId, edition, statement, sha256, documentKey, keyId, credential }: typeof certificateFiles.$inferSelect, number: string): Promise<SealedFile> {
  const { timeStamps, documents: store, now } = world
  const registered = Buffer.concat(await (await store.get(documentKey)).toArray())
  if (createHash('sha256').update(registered).digest('hex') !== sha256) throw new Error(`certificate ${number}: the store has other bytes than the register tells of`)
  const range = rangeOf(registered)
  await refuseUnsound(typeof range === 'string' ? registered : registered.subarray(0, range.signedEnd), world, number)
  const sealedAt = now()
  const longer = await withTimeStamp(withEvidence(registered, evidenceFor(registered, world)), timeStamps)
  const stamp = documentTimeStamp(longer, timeStamps.root, timeStamps.chain.map(der => new X509Certificate(der)))
  if (!stamp || !longer.subarray(0, registered.length).equals(registered)) throw new Error(`certificate ${number}: our own check does not pass the prolonged file`)
  return {
    ...await keep(longer, store, number), certificateId, edition, level: 'B-LTA', statement, keyId, credential, sealedAt, prolongs: id, prolongFrom: dueAgain(stamp.certificate),
  }
}
