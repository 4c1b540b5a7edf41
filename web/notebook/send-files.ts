import { ask, codeOf, isOk, type Asked } from './ask.ts'
import { chunkBytes, readChunk } from './chunks.ts'
import { fileArrived, refuseFile, unsentFiles } from './outbox.ts'
import type { FileRecord, Notebook } from './store.ts'

/** Sends what has not arrived, one file after the other; ends at the first break. A file whose version the server does not have, or refused, waits and holds nobody up. The next call goes on in the middle of the same photo. */
export async function sendFiles(notebook: Notebook, audit: string, told: () => void): Promise<Asked | null> {
  for (const file of await unsentFiles(notebook, audit)) {
    const broken = await sendFile(notebook, file)
    if (broken) return broken
    told()
  }
  return null
}

async function sendFile(notebook: Notebook, file: FileRecord): Promise<Asked | null> {
  const at = `/notebook/files/${file.audit}/${file.sha256}?device=${notebook.device}`
  const head = await ask(at, { method: 'HEAD' })
  return isBreak(head) ? head : head.status === 404 ? null : isComplete(head) ? arrived(notebook, file) : sendRest(notebook, file, at, isOk(head) ? offsetOf(head) : 0)
}

async function sendRest(notebook: Notebook, file: FileRecord, at: string, from: number): Promise<Asked | null> {
  let put: Asked = { status: 0, body: null, headers: new Headers() }, offset = from
  for (let tries = 0; tries < 3; tries += put.status === 409 ? 1 : 0) { // 409: an earlier piece arrived after all, and the server names the place to go on
    put = await sendPiece(notebook, file, at, offset)
    if (isBreak(put)) return put
    if (put.status === 404) return null
    if (isComplete(put)) return arrived(notebook, file)
    if (!isOk(put) && put.status !== 409) break
    offset = offsetOf(put)
  }
  await refuseFile(notebook, [file.audit, file.sha256], codeOf(put) || String(put.status))
  return null
}

/** Not an answer about this file: no network, no sign-in, a fault. */
const isBreak = ({ status }: Asked) => status === 0 || status === 401 || status === 429 || status >= 500

/** From the place where the server stands to the end of that mebibyte: one piece is decrypted at a time. */
async function sendPiece(notebook: Notebook, { audit, sha256, size }: FileRecord, at: string, offset: number): Promise<Asked> {
  const chunk = await readChunk(notebook, [audit, sha256, Math.min(Math.floor(offset / chunkBytes), Math.max(0, Math.ceil(size / chunkBytes) - 1))])
  if (!chunk) return { status: 410, body: { code: 'gone_from_device' }, headers: new Headers() }
  const bytes = chunk.slice(offset % chunkBytes)
  const last = offset + bytes.length >= size
  const put = await ask(at, { method: 'PUT', bytes, waitMs: 120_000, headers: { 'upload-offset': String(offset), 'upload-length': String(size), 'upload-complete': last ? '?1' : '?0' } })
  return isOk(put) && !isComplete(put) && offsetOf(put) <= offset ? { ...put, status: 502 } : put // not our server's answer, or one that leads nowhere
}

async function arrived(notebook: Notebook, { audit, sha256 }: FileRecord) {
  await fileArrived(notebook, [audit, sha256])
  return null
}

const isComplete = (answer: Asked) => isOk(answer) && answer.headers.get('upload-complete') === '?1'
const offsetOf = ({ headers }: Asked) => Number(headers.get('upload-offset') ?? 0)
