import 'reflect-metadata' // @peculiar/x509 asks for it
import { createHash, createPrivateKey, webcrypto, X509Certificate as Opened } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { X509Certificate } from '@peculiar/x509'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { makeKeys, makeStamp, rootKeyFrom } from '../../server/adapters/development-certificates.ts'
import type { TimeStamps } from '../../server/adapters/time-stamps.ts'
import { answerAs } from '../../server/adapters/time-stamps/in-process.ts'
import { timeStampsOver } from '../../server/adapters/time-stamps/request.ts'
import { prolong } from '../../server/certificates/prolong.ts'
import { touchedBy } from '../../server/keys/compromise.ts'
import { documentTimeStamp } from '../../server/proof/seal/document-time-stamp.ts'
import type { World } from '../../server/world.ts'
import { anyHistory } from '../support/any-history.ts'
import { logLinesOn } from '../support/log-lines.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { anybody, app, clock, runJobs, world } = theatre
const { sql, db } = world.database
const { issued } = sealedFilesOn(theatre)
await anyHistory(sql)
const { behindTheBack } = logLinesOn(theatre)
const minute_ms = 60_000, day_ms = 86_400_000
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const pdfOf = async (number: string) => (await app.inject({ method: 'GET', url: `/c/${number}/certificate.pdf`, headers: { host: 'akashi.test' } })).rawPayload
const renditions = async (number: string) => (await sql`select f.level, f.sha256, f.edition from certificate_files f join certificates c on c.id = f.certificate_id where c.number = ${number} order by f.sealed_at`)
const levels = async (number: string) => (await renditions(number)).map(({ level }) => level)
const told = async (number: string) => (await sql`select l.body::json->>'doc' as doc, l.body::json->>'vc' as vc from certificate_events e join log_entries l on l.seq = e.log_seq join certificates c on c.id = e.certificate_id
  where c.number = ${number} and e.event = 'prolonged' order by e.log_seq`)
const stored = async () => {
  let count = 0
  for await (const _ of world.documents.list()) count += 1
  return count
}
const pretend = (change: Partial<World>): World => ({ ...world, ...change })
const down = () => { throw new Error('it dies here') }

/** A certificate of the given profile, a minute old; whatever else is due has been done. */
async function sealed(profile: World['sealProfile'] = 'B-LTA') {
  world.sealProfile = profile
  const { number } = await issued()
  const before = await pdfOf(number)
  clock.now = new Date(clock.now.getTime() + minute_ms)
  return { number, before }
}
beforeEach(async () => { // what earlier tests left is out of the way
  world.sealProfile = 'B-LTA'
  clock.now = new Date(clock.now.getTime() + 1000)
  await prolong(world)
  await runJobs()
})

describe('a file of the default profile', () => {
  it('forbids every change, and nothing is ever appended, also after the profile was changed', async () => {
    const { number, before } = await sealed('B-T')
    for (const profile of ['B-T', 'B-LTA'] as const) {
      world.sealProfile = profile
      await prolong(world)
      await runJobs()
    }
    expect([before.includes('/P 1 /V /1.2'), (await pdfOf(number)).equals(before), await levels(number)]).toEqual([true, true, ['B-T']])
  })

  it('leaves files of the other one alone while it is in force', async () => {
    const { number } = await sealed()
    await prolong(pretend({ sealProfile: 'B-T' }))
    expect(await levels(number)).toEqual(['B-T'])
  })
})

describe('a file that was prolonged', () => {
  it('begins with the bytes it was sealed with; both hashes are ours and valid, one edition, one credential, one more line in the log', async () => {
    const { number, before } = await sealed()
    const credential = (await anybody.get(`/c/${number}/certificate.vc.jwt`)).text
    await prolong(world)
    const after = await pdfOf(number)
    expect([before.includes('/P 2 /V /1.2'), after.length > before.length, after.subarray(0, before.length).equals(before)]).toEqual([true, true, true])
    for (const bytes of [before, after]) {
      expect((await anybody.get(`/c/files/${sha256(bytes)}`)).body).toMatchObject({ number, edition: 1, currentEdition: 1, replacedOn: null, standing: 'certified', sha256: sha256(bytes), size: bytes.length })
    }
    expect(await told(number)).toEqual([{ doc: sha256(after), vc: sha256(Buffer.from(credential)) }])
    const { body } = await anybody.get(`/c/${number}`)
    expect([body.sha256, body.editions.map(({ level, edition }: { level: string; edition: number }) => [edition, level]), body.history[0].event]).toEqual([sha256(after), [[1, 'B-LTA'], [1, 'B-T']], 'prolonged'])
    expect((await anybody.get(`/c/${number}/certificate.vc.jwt`)).text).toBe(credential)
  })

  it('ends with a time stamp over every byte before it: one flipped byte anywhere, or one more, and it no longer holds', async () => {
    const { number } = await sealed()
    await prolong(world)
    const after = await pdfOf(number), holds = (bytes: Buffer) => documentTimeStamp(bytes, world.timeStamps.root)?.at
    expect(holds(after)).toEqual(new Date(Math.floor(clock.now.getTime() / 1000) * 1000))
    for (let at = 7; at < after.length; at += 9973) expect([at, holds(Buffer.from(after).fill((after[at] ?? 0) ^ 1, at, at + 1))]).toEqual([at, undefined])
    expect([holds(Buffer.concat([after, Buffer.from('\n')])), holds(after.subarray(0, -1))]).toEqual([undefined, undefined])
  })

  it('does not count as sealed later: a key compromised in between does not touch it', async () => {
    const { number } = await sealed()
    const between = new Date(clock.now.getTime() - 1000)
    await prolong(world)
    const key = { keyId: world.signer.keyId, purpose: 'seal' } as Parameters<typeof touchedBy>[1]
    expect((await touchedBy(db, key, between)).some(each => each.number === number)).toBe(false)
    expect((await touchedBy(db, key, new Date(between.getTime() - minute_ms))).some(each => each.number === number)).toBe(true)
  })
})

describe('the job', () => {
  it('changes nothing when it runs twice, and two at the same moment leave one rendition', async () => {
    const { number } = await sealed(), files = await stored()
    await Promise.all([prolong(world), prolong(world)])
    clock.now = new Date(clock.now.getTime() + minute_ms)
    await prolong(world)
    expect([await levels(number), (await told(number)).length, await stored() - files]).toEqual([['B-T', 'B-LTA'], 1, 1])
  })

  const { documents } = world
  const lying = { ...documents, put: async (...of: Parameters<typeof documents.put>) => ({ ...await documents.put(...of), sha256: '0'.repeat(64) }) }
  const keptThenDead = { ...documents, put: async (...of: Parameters<typeof documents.put>) => { await documents.put(...of); return down() } }
  it.each<[string, () => Partial<World>]>([
    ['reading', () => ({ documents: { ...documents, get: async () => down() } })],
    ['stamping', () => ({ timeStamps: { ...world.timeStamps, stamp: async () => down() } })],
    ['stamping something else', () => ({ timeStamps: { ...world.timeStamps, stamp: () => world.timeStamps.stamp(Buffer.from('something else')) } })],
    ['storing', () => ({ documents: { ...documents, put: async () => down() } })],
    ['storing, after the bytes are kept', () => ({ documents: keptThenDead })],
    ['storing other bytes', () => ({ documents: lying })],
    ['telling', () => ({})],
  ])('fails at %s without a trace on the register, and is whole after the next try', async (step, broken) => {
    const { number, before } = await sealed()
    if (step === 'telling') await sql.unsafe(`create function die() returns trigger language plpgsql as $$ begin raise exception 'it dies here'; end $$;
      create trigger dies before insert on certificate_events for each row execute function die()`)
    await expect(prolong(pretend(broken()))).rejects.toThrow()
    expect([await levels(number), (await pdfOf(number)).equals(before), await told(number)]).toEqual([['B-T'], true, []])
    if (step === 'telling') await sql.unsafe('drop trigger dies on certificate_events; drop function die()')
    await prolong(world)
    expect([await levels(number), (await told(number)).length]).toEqual([['B-T', 'B-LTA'], 1])
  })

  it('does not continue bytes that are not those on the register', async () => {
    const { number } = await sealed()
    const other = { ...documents, get: async (...of: Parameters<typeof documents.get>) => {
      const bytes = Buffer.concat(await (await documents.get(...of)).toArray())
      return (await import('node:stream')).Readable.from([Buffer.concat([bytes, Buffer.from('\n')])])
    } }
    await expect(prolong(pretend({ documents: other }))).rejects.toThrow('other bytes')
    expect(await levels(number)).toEqual(['B-T'])
  })

  it('leaves alone what has ended', async () => {
    const { number } = await sealed()
    await logLinesOn(theatre).happens(number, 'withdrawn', clock.now.toISOString().slice(0, 10), 'own_request')
    await prolong(world)
    expect(await levels(number)).toEqual(['B-T'])
  })

  it('puts another time stamp around it before the authority ends, once one that lasts longer is there', async () => {
    const { number } = await sealed()
    const [ending, lasting] = await Promise.all([4.5 * 365, 0].map(age => authorityFrom(new Date(clock.now.getTime() - age * day_ms))))
    const ages = async (timeStamps: TimeStamps | undefined) => {
      if (timeStamps) await prolong(pretend({ timeStamps }))
      clock.now = new Date(clock.now.getTime() + minute_ms)
      return levels(number)
    }
    expect([await ages(ending), await ages(ending), await ages(lasting), await ages(lasting)].map(all => all.length)).toEqual([2, 2, 3, 3])
    const [one, two, three] = (await renditions(number)).map(each => each.sha256 as string)
    expect(new Set([one, two, three]).size).toBe(3)
    const last = await pdfOf(number)
    expect([sha256(last), last.toString('latin1').match(/\/ETSI\.RFC3161/g)?.length, (await told(number)).map(({ doc }) => doc)]).toEqual([three, 2, [two, three]])
    expect(documentTimeStamp(last, world.timeStamps.root)).toBeDefined()
  })
})

describe('Postgres promises', () => {
  const attempt = async (run: () => Promise<unknown>): Promise<string> => run().then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)
  it('that a file is continued once, within its edition, and only by a rendition', async () => {
    const { number } = await sealed()
    await prolong(world)
    const copy = (what: string) => attempt(() => sql.unsafe(`insert into certificate_files (id, certificate_id, edition, level, statement, sha256, size, document_key, key_id, sealed_at, prolongs)
      select gen_random_uuid(), certificate_id, ${what} from certificate_files f where f.level = 'B-LTA' and f.certificate_id = (select id from certificates where number = '${number}')`))
    const rest = "statement, repeat('a', 64), size, 'x', key_id, now()"
    expect([await copy(`edition, level, ${rest}, prolongs`), await copy(`edition + 1, level, ${rest}, id`), await copy(`edition, level, ${rest}, null`), await copy(`edition + 1, 'B-T', ${rest}, id`), await copy(`edition, 'B-T', ${rest}, null`)])
      .toEqual(['file_is_prolonged_once', 'prolonged_within_its_edition', 'prolonged_file_continues_another', 'prolonged_file_continues_another', 'one_file_per_edition_and_level'])
    await expect(behindTheBack('certificate_files', "delete from certificate_files where level = 'B-T' and id in (select prolongs from certificate_files)")).rejects.toThrow('prolonged_within_its_edition')
  })
})

/** The development authority as it would be with a certificate from that day, for five years. */
async function authorityFrom(from: Date): Promise<TimeStamps> {
  const directory = path.join(inject('keysDir'), 'keys', 'development')
  const [root = '', rootKey = ''] = ['root.pem', 'root.key.pem'].map(name => readFileSync(path.join(directory, name), 'utf8'))
  const keys = await makeKeys('p256'), stamp = await makeStamp(keys, { certificate: new X509Certificate(root), key: await rootKeyFrom(rootKey) }, from)
  const key = createPrivateKey({ key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)), format: 'der', type: 'pkcs8' })
  const ask = async (request: Uint8Array) => answerAs({ key, certificate: new Opened(Buffer.from(stamp.rawData)), now: () => clock.now }, request)
  const { crls } = world.timeStamps
  return timeStampsOver([{ ask, reachable: async () => undefined }], { root: world.timeStamps.root, chain: [], crls, development: true, now: () => clock.now })
}
