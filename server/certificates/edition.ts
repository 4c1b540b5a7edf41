import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { eq } from 'drizzle-orm'
import { certificateEvents, certificateFiles, certificates } from '../../schema/certificates.ts'
import type { Db } from '../adapters/database.ts'
import { newDocumentKey } from '../adapters/documents.ts'
import { conformityCredential } from '../credentials/conformity.ts'
import { offlineCode } from '../credentials/offline-code.ts'
import { signCredential } from '../credentials/sign.ts'
import type { CertificateStatement } from '../domain/statement.ts'
import { refuseFormerKeys } from '../keys/ensure.ts'
import { latestCheckpoint } from '../log/latest.ts'
import { publishLog } from '../log/publish.ts'
import { didOf } from '../proof/did.ts'
import { checkSealed } from '../proof/seal/check.ts'
import type { World } from '../world.ts'
import { prepareCertificate } from './pdf/prepare.ts'
import { sealCertificate, sealSlot } from './signature/seal.ts'

export type Certificate = typeof certificates.$inferSelect
export type SealedFile = Omit<typeof certificateFiles.$inferInsert, 'id' | 'reissueId'>

/**
 * Draws, seals, checks its own output and stores one edition; nothing of it counts before `tellOf` commits. Dies at any step without a
 * trace but bytes that the sweep removes. Throws TimeStampUnavailable, SignerUnavailable, StorageUnavailable, KeyNotInUse: the job tries again.
 */
export async function sealEdition(world: World, { id, number, reservedAt, statusIndex }: Certificate, statement: CertificateStatement, drawnAt = reservedAt): Promise<SealedFile> {
  const { signer, timeStamps, sealProfile, credentialKey, documents: store, now, publicUrl } = world
  if (signer.development && !statement.sample) throw new Error(`certificate ${number}: a development key seals samples only`)
  await refuseFormerKeys(world.database.db, [signer.keyId, credentialKey.kid])
  const sealedAt = now()
  const checkpoint = await latestCheckpoint(world.database.db) ?? await publishLog(world) // every file carries one: its holder is a witness
  const page = await prepareCertificate(statement, { at: drawnAt, checkpoint: checkpoint?.note ?? null, offlineCode: await offlineCode(statement, world), seal: sealSlot(signer, timeStamps, sealProfile) })
  const sealed = await sealCertificate(page, signer, timeStamps, sealedAt)
  await refuseUnsound(sealed, world, number)
  const { sha256, size, documentKey } = await keep(sealed, store, number)
  const twin = conformityCredential({ statement, sha256, statusIndex, checkpoint: checkpoint?.note ?? null, publicUrl })
  const credential = await signCredential(twin, didOf(publicUrl), credentialKey)
  return { certificateId: id, edition: statement.edition, level: 'B-T', statement, sha256, size, documentKey, keyId: signer.keyId, credential, sealedAt, prolongFrom: sealProfile === 'B-LTA' ? sealedAt : null }
}

/** Stores a file under a key of its own. Throws when the store kept something else. */
export async function keep(sealed: Uint8Array, store: World['documents'], number: string): Promise<Pick<SealedFile, 'sha256' | 'size' | 'documentKey'>> {
  const documentKey = newDocumentKey()
  const { sha256, size } = await store.put(documentKey, Readable.from([sealed]), { type: 'application/pdf' })
  if (sha256 !== createHash('sha256').update(sealed).digest('hex')) throw new Error(`certificate ${number}: the store kept other bytes than were sealed`)
  return { sha256, size, documentKey }
}

/** Throws when our own check does not pass in full: a bad seal must never leave the house (signing.md 8). */
export async function refuseUnsound(sealed: Uint8Array, { signer, timeStamps }: World, number: string): Promise<void> {
  const failed = Object.entries(await checkSealed(sealed, signer.root, timeStamps.root)).filter(([, verdict]) => verdict !== 'passed')
  if (failed.length > 0) throw new Error(`certificate ${number}: our own check says ${failed.map(([check, verdict]) => `${check} ${verdict}`).join(', ')}`)
}

type Told = { event: 'issued' | 'reissued' | 'prolonged'; on: string; actor: 'clock' | 'operator'; reissueId?: string }

/** In the caller's transaction: the file, its event, and with it the line of the log. False when another run of the job was faster. */
export async function tellOf(tx: Db, file: SealedFile, { event, on, actor, reissueId }: Told): Promise<boolean> {
  await tx.select({ id: certificates.id }).from(certificates).where(eq(certificates.id, file.certificateId)).for('update') // one teller at a time
  const [told] = await tx.insert(certificateFiles).values({ ...file, reissueId: reissueId ?? null }).onConflictDoNothing().returning({ id: certificateFiles.id })
  if (!told) return false
  const credentialSha256 = file.credential ? createHash('sha256').update(file.credential).digest('hex') : null
  await tx.insert(certificateEvents).values({
    certificateId: file.certificateId, event, happenedOn: on, edition: file.edition, sha256: file.sha256, credentialSha256, actor, at: file.sealedAt,
  })
  return true
}
