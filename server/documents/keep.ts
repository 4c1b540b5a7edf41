import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { documents, type documentPurposes } from '../../schema/documents.ts'
import { newId } from '../../schema/shared.ts'
import { within, type Db } from '../adapters/database.ts'
import { insertMany } from '../adapters/insert-many.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { boundTo, writeOnce } from '../http/once.ts'
import { orRefuse, Refused } from '../http/problems.ts'
import { receiveFile, type ReceivedFile } from '../http/uploads/receive.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import type { World } from '../world.ts'

type Owner = { employerId: string; applicationId: string; purpose: (typeof documentPurposes)[number] }
export type KeptDocument = { documentId: string; name: string; size: number; sha256: string }
type Keep = {
  personId: string
  /** Asked before a byte is read and again inside the transaction: who owns the document, or why it may not be added. */
  mayAdd: (db: Db, lock: boolean) => Promise<Owner | Refusal>
  /** What else belongs to the same change: the link to a criterion, a finding, a note. `fields` are those sent before the file. */
  link: (tx: Db, documentId: string, owner: Owner, fields: Record<string, string>) => Promise<Refusal | null>
  only?: (file: ReceivedFile) => boolean
}

/** One uploaded file from the request into storage and the register: bytes first, row second; a refusal leaves neither. */
export async function keepDocument(world: World, request: FastifyRequest, { personId, mayAdd, link, only = () => true }: Keep): Promise<KeptDocument | Refusal> {
  const allowed = await mayAdd(world.database.db, false)
  if (isRefusal(allowed)) return allowed
  const sent = await sentFile(request, world)
  if (isRefusal(sent)) return sent
  const { file, fields } = sent
  if (!only(file)) return discard(world, file, { refused: 'file_kind_not_allowed' })
  const sentOnce = z.uuid().optional().catch(undefined).parse(fields.once)
  const once = sentOnce && boundTo(sentOnce, personId, request.url, file.name, file.sha256)
  const kept = await writeOnce<KeptDocument>(world.database.db, { once, personId }, tx => undoneIfRefused(tx, async tx => {
    const owner = await mayAdd(tx, true)
    if (isRefusal(owner)) return owner
    const documentId = newId()
    await Promise.all([enterDocuments(tx, [{ documentId, ...owner, ...file }], { personId, now: world.now() }), enqueueJob(tx, 'scan_document', { documentId })])
    const refusal = await link(tx, documentId, owner, fields)
    return refusal ?? { documentId, name: file.name, size: file.size, sha256: file.sha256 }
  }))
  return isRefusal(kept) ? discard(world, file, kept) : kept
}

type Entered = Owner & Omit<ReceivedFile, 'kind'> & { documentId: string }

/** The rows of files whose bytes lie in storage already. Nobody reads them before their scan, and whoever enters them queues it. */
export async function enterDocuments(tx: Db, files: readonly Entered[], { personId, now }: { personId: string; now: Date }): Promise<void> {
  await insertMany(tx, documents, files.map(({ documentId, employerId, applicationId, purpose, key, name, size, sha256, type }) => (
    { id: documentId, employerId, applicationId, purpose, key, name, size, sha256, type, uploadedBy: personId, uploadedAt: now })))
}

// writeOnce commits a refusal, so that a breach stays on record; here a refusal must also take back the row of the document.
async function undoneIfRefused<Outcome>(tx: Db, write: (tx: Db) => Promise<Outcome | Refusal>): Promise<Outcome | Refusal> {
  try {
    return await within(tx, async inner => orRefuse(await write(inner)))
  } catch (error) {
    if (error instanceof Refused) return error.refusal
    throw error
  }
}

async function discard(world: World, file: ReceivedFile, refusal: Refusal): Promise<Refusal> {
  await world.documents.delete(file.key)
  return refusal
}

async function sentFile(request: FastifyRequest, { documents: store, uploadLimitBytes }: World): Promise<{ file: ReceivedFile; fields: Record<string, string> } | Refusal> {
  if (!request.isMultipart()) return { refused: 'file_missing' }
  const part = await request.file({ limits: { fileSize: uploadLimitBytes, files: 1, fields: 20 } }).catch(() => undefined)
  if (!part) return { refused: 'file_missing' }
  const file = await receiveFile({ filename: part.filename, mimetype: part.mimetype, stream: part.file, truncated: () => part.file.truncated }, { documents: store, limitBytes: uploadLimitBytes })
  if (isRefusal(file)) return file
  const fields = Object.fromEntries(Object.entries(part.fields).flatMap(([name, field]) => (field && !Array.isArray(field) && field.type === 'field' ? [[name, String(field.value)]] : [])))
  return { file, fields }
}
