import { describe, expect, it } from 'vitest'
import { logFiles } from '../../schema/log.ts'
import { SignerRefused } from '../../server/adapters/signer/remote.ts'
import { TimeStampUnavailable } from '../../server/adapters/time-stamps.ts'
import { auditLog } from '../../server/log/audit.ts'
import { logHolds } from '../../server/log/health.ts'
import { publishLog } from '../../server/log/publish.ts'
import { stampCheckpoint } from '../../server/log/stamp.ts'
import { openCheckpoint } from '../../server/proof/checkpoint.ts'
import { readEntry } from '../../server/proof/entry.ts'
import { grow, noLines, rootOf } from '../../server/proof/growing-tree.ts'
import { leafHash } from '../../server/proof/merkle.ts'
import { readKey } from '../../server/proof/note.ts'
import { bundlePath, grownTiles, levelsOf, tilePath, unpackLines } from '../../server/proof/tiles.ts'
import { logLinesOn } from '../support/log-lines.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { anybody, app, world, clock, runJobs, mails } = theatre
const { issued } = sealedFilesOn(theatre)
const { happens, manyLines, behindTheBack, bodies, sizeNow } = logLinesOn(theatre)
const { sql } = world.database

const checkpoint = async (path = '/log/checkpoint') => {
  const key = readKey((await anybody.get('/log/key')).text.trim())
  return key && openCheckpoint((await anybody.get(path)).text, key)
}
const bytesAt = async (path: string) => app.inject({ method: 'GET', url: `/log/${path}`, headers: { host: 'akashi.test' } })
const rootOfLines = (lines: string[]) => { const tree = noLines(); for (const line of lines) grow(tree, line); return Buffer.from(rootOf(tree)).toString('hex') }
const whole = async () => {
  const at = await checkpoint(), lines: string[] = []
  for (const { number, width } of grownTiles(0, 0, at?.size ?? 0)) lines.push(...unpackLines((await bytesAt(bundlePath(number, width))).rawPayload, width) ?? ['unreadable'])
  return { size: at?.size, root: Buffer.from(at?.root ?? []).toString('hex'), lines }
}
const stored = async () => { let count = 0; for await (const _ of world.documents.list()) count += 1; return count }

const first = await issued()

describe('the published log', () => {
  it('has every line, under a root that the lines give, in a note that the key signed', async () => {
    await happens(first.number, 'suspended', '2026-11-24', 'overdue')
    await runJobs()
    const { size, root, lines } = await whole()
    expect([size, lines, root]).toEqual([await sizeNow(), await bodies(), rootOfLines(lines)])
    expect(lines.map(line => readEntry(line)?.type)).toContain('suspended')
    await expect(auditLog(world.database.db)).resolves.toBeUndefined()
  })

  it('is written by the job that the event itself asked for', async () => {
    const seq = await happens(first.number, 'reinstated', '2026-11-24')
    expect((await checkpoint())?.size).toBe(seq)
    await runJobs()
    expect((await checkpoint())?.size).toBe(seq + 1)
  })

  it('says nothing of anybody: no name, number, address or place is in any file of it', async () => {
    const [row] = await sql`select c.statement, e.corporate_number from certificates c join employers e on e.id = c.employer_id`
    const { holder, sites, assessor } = (row?.statement ?? {}) as { holder: Record<string, string>; sites: { nameJa: string; addressJa: string }[]; assessor: { nameJa: string } }
    const secrets = [first.number, ...Object.values(holder), ...sites.flatMap(({ nameJa, addressJa }) => [nameJa, addressJa]), assessor.nameJa, ...mails.map(({ to }) => String(to)), '田中', 'tanaka'].filter(Boolean)
    expect(secrets.length).toBeGreaterThan(6)
    const files = await world.database.db.select({ path: logFiles.path }).from(logFiles)
    expect(files.length).toBeGreaterThan(4)
    const everything = (await Promise.all(files.map(async ({ path }) => (await bytesAt(path.replace(/^checkpoint\/(\d+)$/, 'checkpoint/$1'))).body))).join('\n')
    expect(everything).toContain('"type":"suspended"')
    expect(secrets.filter(secret => everything.includes(secret))).toEqual([])
  })

  it('catches up in one run however much has grown, with tiles that fold to the root', async () => {
    await manyLines(1500)
    await publishLog(world)
    const { size, root, lines } = await whole()
    expect([size, root]).toEqual([await sizeNow(), rootOfLines(await bodies())])
    for (let level = 0; level < levelsOf(size ?? 0); level += 1) {
      for (const tile of grownTiles(level, 0, size ?? 0)) {
        const { statusCode, rawPayload, headers } = await bytesAt(tilePath(tile))
        expect([tile, statusCode, rawPayload.length, headers['cache-control'], headers['content-type']]).toEqual([tile, 200, 32 * tile.width, 'public, max-age=31536000, immutable', 'application/octet-stream'])
        if (level === 0) expect(rawPayload).toEqual(Buffer.concat(lines.slice(tile.number * 256, tile.number * 256 + tile.width).map(leafHash)))
        else expect([...rawPayload.subarray(0, 32)]).toEqual([...Buffer.from(rootOfLines(lines.slice(0, 256)), 'hex')])
      }
    }
  })

  it('is the same when two runners publish at once, and leaves no bytes that nobody knows', async () => {
    await manyLines(600)
    const before = await stored(), [known] = await sql`select count(*)::int as files from log_files`
    const [one, other] = await Promise.all([publishLog(world), publishLog(world)])
    const [after] = await sql`select count(*)::int as files from log_files`
    expect(one).toEqual(other)
    expect((await stored()) - before).toBe(after?.files - known?.files)
    expect((await whole()).root).toBe(rootOfLines(await bodies()))
  })

  it('gives the longer log when another run was faster and the signer promises no shorter one any more', async () => {
    await manyLines(2)
    const late = { ...world, logKey: { ...world.logKey, sign: async () => {
      await manyLines(1)
      const longer = await publishLog(world)
      throw new SignerRefused(`the signer refused: a checkpoint of ${longer?.size} lines is already signed`)
    } } }
    expect(await publishLog(late)).toMatchObject({ size: await sizeNow() })
    await manyLines(1)
    const away = { ...world, logKey: { ...world.logKey, sign: async () => { throw new SignerRefused('the signer refused: it does not sign such a thing') } } }
    await expect(publishLog(away)).rejects.toThrow('it does not sign such a thing')
    await publishLog(world)
  })

  it('goes on where a run died, at whatever step', async () => {
    for (let dies = 1; ; dies += 1) {
      await manyLines(300)
      let puts = 0
      const mortal = { ...world, documents: { ...world.documents, put: async (...of: Parameters<typeof world.documents.put>) => {
        const kept = await world.documents.put(...of)
        puts += 1
        if (puts === dies) throw new Error('it dies here')
        return kept
      } } }
      const died = await publishLog(mortal).then(() => false, () => true)
      const size = (await checkpoint())?.size
      if (!died) break
      expect(size).toBeLessThan(await sizeNow())
      await publishLog(world)
      expect((await whole()).root).toBe(rootOfLines(await bodies()))
    }
  })

  it('keeps old checkpoints, each a note about its own size', async () => {
    const sizes = (await sql`select size::int from log_checkpoints order by size`).map(({ size }) => size as number)
    expect(sizes.length).toBeGreaterThan(3)
    for (const size of sizes) expect(await checkpoint(`/log/checkpoint/${size}`)).toMatchObject({ size, root: new Uint8Array(Buffer.from(rootOfLines((await bodies()).slice(0, size)), 'hex')) })
  })

  it.each(['tile/0/999', 'tile/9/000', 'tile/0/000.p/999', 'tile/..%2fkey', 'tile/0/0', 'tile/', 'tile/entries/000.p/0', 'checkpoint/0', 'checkpoint/999999', 'checkpoint/x', 'checkpoint/999999.tsr'])('%s is not there', async path =>
    expect((await bytesAt(path)).statusCode).toBe(404))
})

describe('the outside clock', () => {
  it('stamps a checkpoint at most once an hour, and the newest when it comes back', async () => {
    const away = { ...world, timeStamps: { ...world.timeStamps, stamp: async () => { throw new TimeStampUnavailable('no clock') } } }
    const stamps = async () => (await sql`select path from log_files where path like '%.tsr' order by at`).map(({ path }) => path as string)
    clock.now = new Date(clock.now.getTime() + 2 * 3_600_000)
    const before = await stamps(), size = (await publishLog(world))?.size
    await stampCheckpoint(away)
    expect(await stamps()).toEqual(before)
    await stampCheckpoint(world)
    await stampCheckpoint(world)
    await manyLines(1)
    await publishLog(world)
    await stampCheckpoint(world)
    expect(await stamps()).toEqual([...before, `checkpoint/${size}.tsr`])
    const { statusCode, rawPayload } = await bytesAt(`checkpoint/${size}.tsr`)
    expect([statusCode, rawPayload[0]]).toEqual([200, 0x30])
    clock.now = new Date(clock.now.getTime() + 3_600_000)
    await stampCheckpoint(world)
    expect((await stamps()).at(-1)).toBe(`checkpoint/${await sizeNow()}.tsr`)
  })
})

describe('the register for replaying', () => {
  it('says of every issued certificate what a replay needs', async () => {
    const { headers, text } = await anybody.get('/log/register.ndjson')
    const records = text.trim().split('\n').map(line => JSON.parse(line))
    expect([headers['content-type'], records.map(({ number }) => number)]).toEqual(['application/x-ndjson', [first.number]])
    expect(records[0]).toMatchObject({ issuedOn: '2026-11-24', standing: 'certified', since: '2026-11-24', salt: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(records[0].events.map(({ event, on, reasonClass }: Record<string, string>) => [event, on, reasonClass])).toEqual([['issued', '2026-11-24', null], ['suspended', '2026-11-24', 'overdue'], ['reinstated', '2026-11-24', null]])
    const lines = await bodies()
    for (const { seq, leaf } of records[0].events) expect(leaf).toBe(Buffer.from(leafHash(lines[seq] ?? '')).toString('hex'))
  })
})

describe('an edit in Postgres', () => {
  const refuses = async (table: string, edit: string, undo: string, says: RegExp) => {
    await behindTheBack(table, edit)
    const size = (await checkpoint())?.size
    await expect(publishLog(world)).rejects.toThrow(says)
    expect((await checkpoint())?.size).toBe(size)
    await behindTheBack(table, undo)
    await publishLog(world)
  }

  it('of a line that was signed is not covered up by a new checkpoint', async () => {
    await manyLines(3)
    const last = (await publishLog(world))?.size ?? 0
    await manyLines(1)
    const [row] = await sql`select body from log_entries where seq = ${last - 1}`
    await refuses('log_entries', `update log_entries set body = replace(body, 'overdue', 'forgery') where seq = ${last - 1}`, `update log_entries set body = '${row?.body}' where seq = ${last - 1}`, /not those that were signed/)
  })

  it('of a line that waits is not signed', async () => {
    await manyLines(2)
    const last = await sizeNow()
    await refuses('log_entries', `update log_entries set body = replace(body, 'overdue', 'forgery') where seq = ${last - 1}`, `update log_entries set body = replace(body, 'forgery', 'overdue') where seq = ${last - 1}`, /do not give the root/)
  })

  it('of hashes and lines together still is not what was signed, and health says so', async () => {
    await expect(logHolds(world)).resolves.toBeUndefined()
    const [node] = await sql`select level, idx::int, encode(hash, 'hex') as hash from log_nodes where level = (select max(level) from log_nodes)`
    const set = (hash: string) => `update log_nodes set hash = '\\x${hash}' where level = ${node?.level} and idx = ${node?.idx}`
    await behindTheBack('log_nodes', set('00'.repeat(32)))
    await expect(logHolds(world)).rejects.toThrow(/not those that were signed/)
    expect((await anybody.get('/health/ready')).body).toMatchObject({ status: 'failed', checks: { log: 'failed', database: 'ok' } })
    await expect(publishLog(world)).rejects.toThrow(/not those that were signed/)
    await behindTheBack('log_nodes', set(String(node?.hash)))
    await expect(logHolds(world)).resolves.toBeUndefined()
  })

  it('anywhere is named by the hourly audit', async () => {
    const { db } = world.database
    await expect(auditLog(db)).rejects.toThrow(/line 4 and its event differ/) // lines of nobody's certificates have no event
    const [row] = await sql`select log_seq::int as seq from certificate_events where event = 'suspended'`
    await behindTheBack('certificate_events', `update certificate_events set happened_on = '2026-11-25' where log_seq = ${row?.seq}`)
    await expect(auditLog(db)).rejects.toThrow(new RegExp(`line ${row?.seq} and its event differ`))
    await behindTheBack('certificate_events', `update certificate_events set happened_on = '2026-11-24' where log_seq = ${row?.seq}`)
  })

  it('leaves a line that waits too long to be seen by health', async () => {
    await manyLines(1)
    await expect(logHolds(world)).resolves.toBeUndefined()
    clock.now = new Date(clock.now.getTime() + 11 * 60_000)
    await expect(logHolds(world)).rejects.toThrow(/not published/)
    await publishLog(world)
    await expect(logHolds(world)).resolves.toBeUndefined()
  })
})
