import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { eq } from 'drizzle-orm'
import { certificateEvents, certificates } from '../../schema/certificates.ts'
import { within, type Db } from '../adapters/database.ts'
import { newDocumentKey } from '../adapters/documents.ts'
import type { Signer } from '../adapters/signer.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'
import { prepareCertificate } from './pdf/prepare.ts'
import { checkSealed } from '../proof/seal/check.ts'
import { sealCertificate, sealSlot } from './signature/seal.ts'

type Reserved = typeof certificates.$inferSelect
type Kept = { documentKey: string; sha256: string; size: number; keyId: string; issuedAt: Date }

/**
 * Job: draws, seals, checks its own output, keeps the file, then publishes hash, event and journal row in one transaction (decisions.md 14).
 * Any step may die and be repeated: one certificate, one number, one file; a dead attempt leaves at most bytes that the sweep removes.
 */
export async function issueCertificate(world: World, certificateId: string): Promise<void> {
  const { database: { db }, documents: store, signer, now } = world
  const [reserved] = await db.select().from(certificates).where(eq(certificates.id, certificateId))
  if (!reserved || reserved.state === 'issued') return
  const issuedAt = now()
  const sealed = await sealedPdf(reserved, signer, issuedAt)
  const documentKey = newDocumentKey()
  const { sha256, size } = await store.put(documentKey, Readable.from([sealed]), { type: 'application/pdf' })
  if (sha256 !== createHash('sha256').update(sealed).digest('hex')) throw new Error(`certificate ${reserved.number}: the store kept other bytes than were sealed`)
  const published = await within(db, tx => publish(tx, reserved, { documentKey, sha256, size, keyId: signer.keyId, issuedAt }))
  if (!published) await store.delete(documentKey) // another run of the job was faster
}

async function sealedPdf({ number, statement, reservedAt }: Reserved, signer: Signer, at: Date): Promise<Uint8Array> {
  if (signer.development && !statement.sample) throw new Error(`certificate ${number}: a development key seals samples only`)
  const page = await prepareCertificate(statement, { at: reservedAt, checkpoint: null, offlineCode: null, seal: sealSlot(signer) })
  const sealed = await sealCertificate(page, signer, at)
  const checks = await checkSealed(sealed, signer.root)
  const failed = Object.entries(checks).filter(([, verdict]) => verdict !== 'passed')
  if (failed.length > 0) throw new Error(`certificate ${number}: our own check says ${failed.map(([check, verdict]) => `${check} ${verdict}`).join(', ')}`)
  return sealed
}

async function publish(tx: Db, { id, number, applicationId, employerId, issuedOn }: Reserved, kept: Kept): Promise<boolean> {
  const [row] = await tx.select({ state: certificates.state }).from(certificates).where(eq(certificates.id, id)).for('update')
  if (row?.state !== 'issuing') return false
  await tx.update(certificates).set({ state: 'issued', ...kept }).where(eq(certificates.id, id))
  await tx.insert(certificateEvents).values({ certificateId: id, event: 'issued', happenedOn: issuedOn, actor: 'clock', at: kept.issuedAt })
  await record(tx, { personId: null, role: 'clock' }, {
    operation: 'certificates.issue', applicationId, employerId, subjectId: id, after: { number, sha256: kept.sha256, size: kept.size, keyId: kept.keyId },
  })
  return true
}
