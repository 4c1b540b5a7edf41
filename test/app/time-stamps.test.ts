import { execFileSync } from 'node:child_process'
import { randomBytes, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PKIStatusInfo, TimeStampResp } from 'pkijs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TimeStampUnavailable } from '../../server/adapters/time-stamps.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { lineTo } from '../../server/adapters/time-stamps/over-http.ts'
import { timeStampsOver } from '../../server/adapters/time-stamps/request.ts'
import { readTimeStamp, timeStampHolds } from '../../server/proof/seal/time-stamp.ts'
import { describeJudged } from '../support/judges.ts'
import { authorityOver, insteadOf, stampedBy, stampingKeys, type Answering } from '../support/time-stamp-authority.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'akashi-tsa-'))
const data = Buffer.from('a signature')
let keys: Awaited<ReturnType<typeof stampingKeys>>
let authority: Awaited<ReturnType<typeof authorityOver>>
const trust = (now = () => new Date()) => ({ root: keys.root, chain: [], crls: [], development: false, now })
const overOne = (deadline_ms = 5_000) => timeStampsOver([lineTo(authority.url, { deadline_ms })], trust())

beforeAll(async () => {
  keys = await stampingKeys()
  authority = await authorityOver(stampedBy(keys.good))
})
afterAll(async () => {
  await authority.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('an authority over HTTP', () => {
  it('gives a token over these bytes, as RFC 3161 asks for it, and the room for it is measured', async () => {
    authority.state.answering = stampedBy(keys.good)
    const stamps = await overOne()
    const token = await stamps.stamp(data)
    expect([timeStampHolds(readTimeStamp(token), data, keys.root), timeStampHolds(readTimeStamp(token), Buffer.from('others'), keys.root)]).toEqual([true, false])
    expect(Math.abs(readTimeStamp(token).at.getTime() - Date.now())).toBeLessThan(3000)
    expect([stamps.room - token.length >= 512, stamps.room - token.length < 800, authority.state.types.at(-1)]).toEqual([true, true, 'application/timestamp-query'])
    expect(Buffer.from(stamps.leaf ?? []).equals(keys.good.certificate.raw)).toBe(true)
  })

  const flipped: Answering = request => {
    const { body = Buffer.alloc(0) } = stampedBy(keys.good)(request)
    const changed = Buffer.from(body)
    changed.writeUInt8((changed.at(-1) ?? 0) ^ 1, changed.length - 1)
    return { body: changed }
  }
  const refusing: Answering = () => ({ body: new Uint8Array(new TimeStampResp({ status: new PKIStatusInfo({ status: 2 }) }).toSchema().toBER()) })
  const minutes = (many: number) => stampedBy(keys.good, () => new Date(Date.now() + many * 60_000))
  it.each<[string, () => Answering, string]>([
    ['refuses', () => refusing, 'status 2'], ['answers another request', () => insteadOf('nonce', keys.good), 'another request'],
    ['leaves the nonce out', () => insteadOf('no nonce', keys.good), 'another request'], ['stamps something else', () => insteadOf('imprint', keys.good), 'not valid'],
    ['signs wrongly', () => flipped, 'not valid'], ['runs six minutes fast', () => minutes(6), 'five minutes'], ['runs six minutes slow', () => minutes(-6), 'five minutes'],
    ['has a certificate for documents', () => stampedBy(keys.forDocuments), 'not valid'], ['has its purpose not critical', () => stampedBy(keys.notCritical), 'not valid'],
    ['has a second purpose', () => stampedBy(keys.twoPurposes), 'not valid'], ['sends no DER', () => () => ({ body: Buffer.from('<html>') }), ''],
    ['sends nothing', () => () => ({}), ''], ['is broken', () => () => ({ status: 503 }), 'answered 503'], ['sends too much', () => () => ({ body: randomBytes(70_000) }), 'too large'],
  ])('that %s is not believed', async (_, answering, reason) => {
    authority.state.answering = answering()
    const stamps = await overOne()
    await expect(stamps.stamp(data)).rejects.toThrow(TimeStampUnavailable)
    await expect(stamps.stamp(data)).rejects.toThrow(reason)
  })

  it('of another root is not believed', async () => {
    authority.state.answering = stampedBy((await stampingKeys()).good)
    await expect((await overOne()).stamp(data)).rejects.toThrow('another root')
  })

  it('four minutes off is believed', async () => {
    authority.state.answering = minutes(-4)
    await expect((await overOne()).stamp(data)).resolves.toBeInstanceOf(Uint8Array)
  })

  it('that keeps silent is given up, and the next one is asked', async () => {
    authority.state.answering = () => ({ never: true })
    const second = await authorityOver(stampedBy(keys.good))
    const stamps = await timeStampsOver([lineTo(authority.url, { deadline_ms: 150 }), lineTo('http://127.0.0.1:9/'), lineTo(second.url)], trust())
    const before = second.state.asked
    await expect(stamps.stamp(data)).resolves.toBeInstanceOf(Uint8Array)
    expect(second.state.asked).toBe(before + 1)
    await second.close()
    await expect(stamps.stamp(data)).rejects.toThrow(/no time stamp: .*; .*; /)
  })

  it('is looked for without spending a token, once a minute', async () => {
    let now = 0
    const line = lineTo(authority.url, { now: () => now })
    const { asked, visited } = authority.state
    for (let request = 0; request < 5; request += 1) await line.reachable()
    now += 61_000
    await line.reachable()
    expect([authority.state.asked - asked, authority.state.visited - visited]).toEqual([0, 2])
    await expect(lineTo('http://127.0.0.1:9/').reachable()).rejects.toThrow()
    authority.state.visiting = 503
    await expect(lineTo(authority.url).reachable()).rejects.toThrow('503')
    authority.state.visiting = 405
    await expect(lineTo(authority.url).reachable()).resolves.toBeUndefined()
  })
})

describe('the room for a token', () => {
  it('is a guess only while nobody answered, and right after the first token', async () => {
    authority.state.answering = () => ({ status: 500 })
    const stamps = await overOne()
    const guessed = stamps.room
    authority.state.answering = stampedBy(keys.good)
    const { length } = await stamps.stamp(data)
    expect([guessed, stamps.room >= length + 512 && stamps.room < guessed]).toEqual([12_288, true])
  })
})

describe('the authorities of a configuration', () => {
  it('are trusted through the root of the chain file, and need one', async () => {
    authority.state.answering = stampedBy(keys.good)
    const chainFile = path.join(directory, 'tsa.pem')
    writeFileSync(chainFile, new X509Certificate(keys.root).toString())
    const stamps = await openTimeStamps({ dataDir: directory, urls: ['http://127.0.0.1:9/', authority.url], chainFile })
    await expect(stamps.stamp(data)).resolves.toBeInstanceOf(Uint8Array)
    expect([stamps.development, stamps.chain]).toEqual([false, []])
    await expect(openTimeStamps({ dataDir: directory, urls: [authority.url] })).rejects.toThrow('TSA_CHAIN_FILE')
    writeFileSync(chainFile, keys.good.certificate.toString())
    await expect(openTimeStamps({ dataDir: directory, urls: [authority.url], chainFile })).rejects.toThrow('no root certificate')
  })

  it('without any, the development authority answers, also where the keys are older than it', async () => {
    const dataDir = path.join(directory, 'old')
    await openTimeStamps({ dataDir })
    rmSync(path.join(dataDir, 'keys', 'development', 'tsa.pem'))
    const [one, other] = await Promise.all([openTimeStamps({ dataDir }), openTimeStamps({ dataDir })])
    expect([one.development, Buffer.from(one.leaf ?? []).equals(other.leaf ?? Buffer.alloc(0))]).toEqual([true, true])
    expect(timeStampHolds(readTimeStamp(await one.stamp(data)), data, other.root)).toBe(true)
  })
})

describeJudged('a development token, judged by OpenSSL', ['openssl'], () => {
  it('is valid', async () => {
    const dataDir = path.join(directory, 'judged')
    const token = await (await openTimeStamps({ dataDir })).stamp(data)
    const [file, held, root] = ['data', 'token', 'root.pem'].map(name => path.join(dataDir, name)) as [string, string, string]
    writeFileSync(file, data)
    writeFileSync(held, token)
    writeFileSync(root, new X509Certificate((await openTimeStamps({ dataDir })).root).toString())
    expect(execFileSync('openssl', ['ts', '-verify', '-data', file, '-in', held, '-token_in', '-CAfile', root], { encoding: 'utf8', stdio: 'pipe' })).toContain('Verification: OK')
  })
})
