import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type postgres from 'postgres'
import { expect } from 'vitest'
import { diskDocuments } from '../../server/adapters/disk-documents.ts'
import { sweep } from '../../server/jobs/sweep.ts'
import type { World } from '../../server/world.ts'
import { verify } from './kept-files.ts'

const day_ms = 86_400_000

/** Never a half: for every certificate one row, one number, one file of each edition with its event, line and journal row, and the bytes on disk. */
export async function expectWhole(sql: postgres.Sql, documentsDir: string, editions: number) {
  const odd = await sql`
    select c.number, c.state, (select count(*)::int from certificate_files f where f.certificate_id = c.id) as files, (select count(*)::int from certificate_events e where e.certificate_id = c.id) as events,
      (select count(*)::int from log_entries l where l.body::json->>'cert' = encode(sha256(c.log_salt || convert_to(c.number, 'UTF8')), 'hex')) as lines,
      (select count(*)::int from journal j where j.subject_id = c.id::text and j.operation = 'certificates.issue') as entries
    from certificates c`
  expect(odd.map(({ number: _, ...row }) => row)).toEqual(odd.map(() => ({ state: 'issued', files: editions, events: editions, lines: editions, entries: 1 })))
  const [given] = await sql`select count(distinct number)::int as numbers, count(distinct serial)::int as serials, max(serial)::int as last from certificates`
  expect(given).toEqual({ numbers: odd.length, serials: given?.last, last: given?.last }) // a second cycle keeps its serial
  const [log] = await sql`select count(*)::int as lines, max(seq)::int as last, (select size::int from log_state) as size, (select max(size)::int from log_checkpoints) as promised from log_entries`
  expect(log).toEqual({ lines: log?.size, last: Number(log?.size) - 1, size: log?.size, promised: log?.size })
  expect((await sql`select count(*)::int as lists from status_lists`)[0]?.lists).toBeGreaterThan(0)
  await expectBytes(sql, documentsDir)
}

async function expectBytes(sql: postgres.Sql, documentsDir: string) {
  const store = diskDocuments(documentsDir)
  for (const { key, sha256 } of await sql`select document_key as key, sha256 from certificate_files`) {
    expect(createHash('sha256').update(Buffer.concat(await (await store.get(key)).toArray())).digest('hex')).toBe(sha256)
  }
}

/** The sweep of the day after takes away what the dead left behind, and nothing that a row knows. Gives how many objects that was. */
export async function expectSweepIsSafe(world: World, sql: postgres.Sql, documentsDir: string): Promise<number> {
  const store = diskDocuments(documentsDir)
  const keys = async () => {
    const found: string[] = []
    for await (const { key } of store.list()) found.push(key)
    return found.sort()
  }
  const known = async () => (await sql`select document_key as key from certificate_files union select document_key from log_files`).map(({ key }) => key).sort()
  const before = await known(), stored = await keys()
  await sweep({ ...world, documents: store, now: () => new Date(Date.now() + 25 / 24 * day_ms) })
  expect(await known()).toEqual(before)
  expect(await keys()).toEqual(before)
  return stored.length - before.length
}

const addresses = (number: string) => ({
  'certificate.pdf': `/c/${number}/certificate.pdf`, 'proof.json': `/c/${number}/proof.json`, 'checkpoint.txt': '/log/checkpoint', 'certificate.vc.jwt': `/c/${number}/certificate.vc.jwt`,
  'did.json': '/.well-known/did.json', 'status.vc.jwt': '/credentials/status', 'root.der': '/keys/root.der', 'time-stamp-root.der': '/keys/time-stamp-root.der', 'keys.json': '/keys.json',
})

/** What a stranger gets over HTTP: a PDF whose hash is on the register, and files with which the checker says yes. */
export async function expectVerified(url: string, number: string) {
  const directory = mkdtempSync(path.join(tmpdir(), 'akashi-verified-'))
  try {
    for (const [name, address] of Object.entries(addresses(number))) {
      const reply = await fetch(`${url}${address}`)
      expect([address, reply.status]).toEqual([address, 200])
      writeFileSync(path.join(directory, name), Buffer.from(await reply.arrayBuffer()))
    }
    const page = await (await fetch(`${url}/c/${number}`, { headers: { accept: 'application/json' } })).json() as { number: string; sha256: string }
    const pdf = Buffer.from(await (await fetch(`${url}/c/${number}/certificate.pdf`)).arrayBuffer())
    expect(page).toMatchObject({ number, sha256: createHash('sha256').update(pdf).digest('hex') })
    const { code, out, err } = await verify([path.join(directory, 'certificate.pdf'), '--offline', directory])
    expect({ code, out: code === 0 ? '' : out, err }).toEqual({ code: 0, out: '', err: '' })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
