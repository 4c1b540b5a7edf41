import { fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { v7 } from 'uuid'
import { versionText, type ItemVersion } from '../../server/domain/notebook.ts'
import { flags } from '../journey/instance.ts'
import { openAudit, type OpenAudit } from './open-audit.ts'
import { byTurns, median, type Measured } from './row.ts'

const notes = Number(process.env.BENCH_NOTES ?? 600), photos = Number(process.env.BENCH_PHOTOS ?? 250), rounds = Number(process.env.BENCH_ROUNDS ?? 3), broken = Math.min(10, photos)
const photo_bytes = 4 * 1024 * 1024, at_once = 3 // as the notebook sends
const agent = new Agent({ keepAlive: true, maxSockets: at_once })

/** Sync of a day beside the same bytes by plain PUT; and what travels again after a break. */
export async function notebook(tell: (line: string) => void): Promise<Measured[]> {
  const audit = await openAudit()
  const plain = fork(new URL('plain-put.ts', import.meta.url), { execArgv: flags })
  try {
    plain.send({ below: tmpdir() }) // where the server of the bench has its store, too
    const [bare] = await once(plain, 'message') as [string]
    await syncDay(audit, dayOf(audit, 20, 4)) // warm
    await audit.settled()
    await audit.analyse()
    const settled: number[] = []
    await putAll(bare, Array.from({ length: 4 }, photo))
    const seconds = await byTurns(rounds, {
      synced: async () => {
        const seconds = told(tell, 'synced', await syncDay(audit, dayOf(audit, notes, photos))), begun = performance.now()
        await audit.settled() // ten seconds later, beside nothing that is measured
        settled.push(seconds + (performance.now() - begun) / 1000)
        return seconds
      },
      plain: async () => told(tell, 'plain', await putAll(bare, Array.from({ length: photos }, photo))),
    })
    return [
      { name: `sync of a day: ${notes} notes, ${photos} photos of 4 MB, over HTTP until the server has confirmed each; ${rounds} rounds`, value: seconds.synced, unit: 's', reference: { name: 'plain PUT of the photos into the same kind of store, by a server that runs alike and does nothing else', value: seconds.plain }, bar: 1.5, atMost: true },
      { name: 'the same, until each photo was scanned, too (ten seconds of patience in it)', value: median(settled), unit: 's', reference: null, bar: null },
      { name: `bytes that travelled for ${broken} photos, each broken off in the middle once`, value: await travelled(audit) / 2 ** 20, unit: 'MiB', reference: { name: 'the photos', value: broken * photo_bytes / 2 ** 20 }, bar: 1.02, atMost: true },
    ]
  } finally {
    agent.destroy()
    plain.disconnect()
    await audit.close()
  }
}

function told(tell: (line: string) => void, what: string, seconds: number): number {
  tell(`${what}: ${seconds.toFixed(2)} s`)
  return seconds
}

const common = randomBytes(photo_bytes).map(byte => (byte === 0xff ? 0xfe : byte))
const head = Buffer.from('ffd8ffe000104a46494600010101004800480000ffda000c03010002110311003f00', 'hex')
/** No two alike, with all of its data in the scan, where whoever looks has to look at every byte. */
function photo(): Buffer {
  const bytes = Buffer.from(common)
  head.copy(bytes)
  bytes.set(randomBytes(64).map(byte => byte & 0x7f), head.length)
  bytes.writeUInt16BE(0xffd9, bytes.length - 2)
  return bytes
}

type Day = { versions: { hash: string; version: ItemVersion }[]; files: Map<string, Buffer> }
// Captured and hashed before the day comes home, as on the phone.
function dayOf({ device, applicationId }: OpenAudit, notes: number, photos: number): Day {
  const files = new Map(Array.from({ length: photos }, () => { const bytes = photo(); return [createHash('sha256').update(bytes).digest('hex'), bytes] as const }))
  const made = { applicationId, criterion: 'RE-06.1', place: '', device, deviceAt: new Date().toISOString(), over: [], previous: '', struck: false }
  const versions: ItemVersion[] = [
    ...Array.from({ length: notes }, (_, nth) => ({ ...made, item: v7(), kind: 'note' as const, content: { text: `メモ ${nth}：${'非常口の前に荷物がある。'.repeat(8)}` }, files: [] })),
    ...[...files].map(([sha256, { length }]) => ({ ...made, item: v7(), kind: 'photo' as const, content: { text: '写真' }, files: [{ part: 'original' as const, sha256, size: length, type: 'image/jpeg' }] })),
  ]
  return { versions: versions.map(version => ({ hash: createHash('sha256').update(versionText(version)).digest('hex'), version })), files }
}

const tellServer = ({ say, device, applicationId }: OpenAudit, versions: Day['versions']) => say('/notebook/sync', { device, applicationId, sentAt: new Date().toISOString(), waiting: 0, after: 1_000_000_000, versions })

async function syncDay(audit: OpenAudit, { versions, files }: Day): Promise<number> {
  const begun = performance.now()
  for (let at = 0; at < versions.length; at += 200) await tellServer(audit, versions.slice(at, at + 200))
  await parallel([...files], ([sha256, bytes]) => put(`${audit.url}/notebook/files/${audit.applicationId}/${sha256}?device=${audit.device}`, bytes, { ...audit.headers, 'upload-offset': '0', 'upload-length': String(bytes.length) }))
  const { filesWanted } = await tellServer(audit, [])
  if (filesWanted.length > 0) throw new Error(`${filesWanted.length} files did not arrive`)
  return (performance.now() - begun) / 1000
}

async function putAll(bare: string, files: readonly Buffer[]): Promise<number> {
  const begun = performance.now()
  await parallel(files, (bytes, nth) => put(`${bare}/${nth}`, bytes, {}))
  return (performance.now() - begun) / 1000
}

async function parallel<One>(all: readonly One[], work: (one: One, nth: number) => Promise<unknown>): Promise<void> {
  let next = 0
  await Promise.all(Array.from({ length: at_once }, async () => { for (let nth = next++; nth < all.length; nth = next++) await work(all[nth] as One, nth) }))
}

const put = (url: string, bytes: Buffer, headers: Record<string, string>) => new Promise<void>((resolve, reject) => {
  request(url, { agent, method: 'PUT', headers: { ...headers, 'content-type': 'application/octet-stream', 'content-length': bytes.length } }, async reply => {
    let text = ''
    for await (const chunk of reply) text += chunk
    if (reply.statusCode === 204) resolve()
    else reject(new Error(`${url}: ${reply.statusCode} ${text}`))
  }).on('error', reject).end(bytes)
})

/** Every byte that left the phone, headers too: half of each photo, the break, and the rest from where the server says. */
async function travelled(audit: OpenAudit): Promise<number> {
  const { versions, files } = dayOf(audit, 0, broken)
  await tellServer(audit, versions)
  let bytes = 0
  for (const [sha256, photo] of files) {
    const url = `${audit.url}/notebook/files/${audit.applicationId}/${sha256}?device=${audit.device}`
    const progress = async () => Number((await fetch(url, { method: 'HEAD', headers: audit.headers })).headers.get('upload-offset'))
    bytes += await half(url, photo, audit.headers, progress)
    const offset = await progress()
    await put(url, photo.subarray(offset), { ...audit.headers, 'upload-offset': String(offset), 'upload-length': String(photo.length) })
    bytes += photo.length - offset
  }
  if ((await tellServer(audit, [])).filesWanted.length > 0) throw new Error('a broken photo did not arrive')
  return bytes
}

// The line goes dead once what was sent has arrived: what is on its way when a line dies is lost to anybody.
async function half(url: string, bytes: Buffer, headers: Record<string, string>, progress: () => Promise<number>): Promise<number> {
  const sent = request(url, { method: 'PUT', headers: { ...headers, 'content-type': 'application/octet-stream', 'content-length': bytes.length, 'upload-offset': '0', 'upload-length': String(bytes.length) } })
  sent.on('error', () => undefined)
  sent.write(bytes.subarray(0, bytes.length / 2))
  for (let here = -1, now = 0; now < bytes.length / 2 && now !== here;) {
    here = now
    await new Promise(resolve => setTimeout(resolve, 200))
    now = await progress()
  }
  const written = sent.socket?.bytesWritten ?? 0
  sent.destroy()
  return written
}
