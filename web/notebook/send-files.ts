import { ask, codeOf, isOk, type Asked } from './ask.ts'
import { chunkBytes, readChunk } from './chunks.ts'
import { fileArrived, refuseFile, unsentFiles } from './outbox.ts'
import type { FileRecord, Notebook } from './store.ts'

const files_at_once = 3 // while the server writes one down, the next is on its way
const most_chunks = 4, quickMs = 1_000

/** How many mebibytes go in one piece: more while they go quickly, one again after a break. */
type Pace = { chunks: number }

/** Sends what has not arrived, in order and a few at once; ends at the first break. A file whose version the server does not have, or refused, waits and holds nobody up. The next call goes on in the middle of the same photo. */
export async function sendFiles(notebook: Notebook, audit: string, told: () => void): Promise<{ broken: Asked | null; arrived: number }> {
  const line = await unsentFiles(notebook, audit), pace: Pace = { chunks: 1 }
  let broken: Asked | null = null, arrived = 0
  const sendNext = async () => {
    for (let file = line.shift(); file && !broken; file = line.shift()) {
      const outcome = await sendFile(notebook, file, pace)
      if (outcome === 'arrived') arrived += 1
      else broken = outcome ?? broken
      told()
    }
  }
  await Promise.all(Array.from({ length: files_at_once }, sendNext))
  return { broken, arrived }
}

/** Null: it waits, or was refused. */
async function sendFile(notebook: Notebook, file: FileRecord, pace: Pace): Promise<Asked | 'arrived' | null> {
  const at = `/notebook/files/${file.audit}/${file.sha256}?device=${notebook.device}`
  const head = await ask(at, { method: 'HEAD' })
  return isBreak(head) ? head : head.status === 404 ? null : isComplete(head) ? arrived(notebook, file) : sendRest(notebook, file, { at, from: isOk(head) ? offsetOf(head) : 0, pace })
}

async function sendRest(notebook: Notebook, file: FileRecord, { at, from, pace }: { at: string; from: number; pace: Pace }): Promise<Asked | 'arrived' | null> {
  let put: Asked = { status: 0, body: null, headers: new Headers() }, offset = from
  for (let tries = 0; tries < 3; tries += put.status === 409 ? 1 : 0) { // 409: an earlier piece arrived after all, and the server names the place to go on
    put = await sendPiece(notebook, file, { at, offset, pace })
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

/** From the place where the server stands to the end of a mebibyte: only what goes in this piece is decrypted. */
async function sendPiece(notebook: Notebook, { audit, sha256, size, chunks }: FileRecord, { at, offset, pace }: { at: string; offset: number; pace: Pace }): Promise<Asked> {
  const first = Math.min(Math.floor(offset / chunkBytes), chunks - 1)
  const parts = await Promise.all(Array.from({ length: Math.min(pace.chunks, chunks - first) }, (_, nth) => readChunk(notebook, [audit, sha256, first + nth])))
  if (parts.includes(null)) return { status: 410, body: { code: 'gone_from_device' }, headers: new Headers() }
  const bytes = new Blob(parts.flatMap(part => part ?? [])).slice(offset - first * chunkBytes) // nothing, where every byte is there and only the last word was lost
  const last = offset + bytes.size >= size, begun = performance.now()
  const put = await ask(at, { method: 'PUT', bytes, waitMs: 120_000, headers: { 'upload-offset': String(offset), 'upload-length': String(size), 'upload-complete': last ? '?1' : '?0' } })
  pace.chunks = !isOk(put) ? 1 : performance.now() - begun < quickMs ? Math.min(2 * pace.chunks, most_chunks) : pace.chunks
  return isOk(put) && !isComplete(put) && offsetOf(put) <= offset ? { ...put, status: 502 } : put // not our server's answer, or one that leads nowhere
}

async function arrived(notebook: Notebook, { audit, sha256 }: FileRecord) {
  await fileArrived(notebook, [audit, sha256])
  return 'arrived' as const
}

const isComplete = (answer: Asked) => isOk(answer) && answer.headers.get('upload-complete') === '?1'
const offsetOf = ({ headers }: Asked) => Number(headers.get('upload-offset') ?? 0)
