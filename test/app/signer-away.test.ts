import { developmentAuthority } from '../../server/adapters/development-authority.ts'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SignerUnavailable } from '../../server/adapters/signer.ts'
import { connectSigner, type RemoteSigner } from '../../server/adapters/signer/remote.ts'
import { socketPathFor } from '../../server/adapters/signer/socket-path.ts'
import { TimeStampUnavailable, type TimeStamps } from '../../server/adapters/time-stamps.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { issueCertificate } from '../../server/certificates/issue.ts'
import { checkSealed } from '../../server/proof/seal/check.ts'
import type { World } from '../../server/world.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'
import { castBegins } from '../support/postgres.ts'

// The policy of server/certificates/signature/README.md: issued later, once, and never weaker.
const theatre = await stage()
const { as, anybody, clock, world } = theatre
const { sql } = world.database
const { awaiting, decisionOn } = sealedFilesOn(theatre)
const allPassed = { digest: 'passed', signature: 'passed', chain: 'passed', time: 'passed', covers: 'passed' }

async function reserved() {
  const id = await awaiting()
  await as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id))
  const [row] = await sql`select id, number from certificates where application_id = ${id}`
  return { id: String(row?.id), number: String(row?.number) }
}
const kept = async (id: string) => (await sql`select (select count(*)::int from certificate_files where certificate_id = ${id}) as files,
  (select count(*)::int from certificate_events where certificate_id = ${id}) as events, (select state from certificates where id = ${id}) as state`)[0]
// The store also keeps the log: only what is a PDF counts.
const stored = async () => {
  let files = 0
  for await (const { key } of world.documents.list()) if (Buffer.concat(await (await world.documents.get(key)).toArray()).subarray(0, 5).toString() === '%PDF-') files += 1
  return files
}
const nothing = { files: 0, events: 0, state: 'issuing' }
const once = { files: 1, events: 1, state: 'issued' }

describe('while no time-stamp authority answers', () => {
  it('nothing is issued or stored; the first try after that issues one certificate with a time stamp', async () => {
    const { id, number } = await reserved()
    const before = await stored()
    const away: World = { ...world, timeStamps: { ...world.timeStamps, stamp: async () => { throw new TimeStampUnavailable('no time stamp: it is night') } } }
    for (let attempt = 0; attempt < 3; attempt += 1) await expect(issueCertificate(away, id)).rejects.toThrow(TimeStampUnavailable)
    expect([await kept(id), await stored() - before]).toEqual([nothing, 0])
    expect((await anybody.get(`/c/${number}/certificate.pdf`)).status).toBe(404)
    await Promise.all([issueCertificate(world, id), issueCertificate(world, id)])
    expect([await kept(id), await stored() - before]).toEqual([once, 1])
  })
})

describe('somebody who asks for a proof while nobody signs', () => {
  it('is told to come back, in their language, and gets it then', async () => {
    const { id, number } = await reserved()
    await issueCertificate(world, id)
    const { sign } = world.credentialKey
    world.credentialKey.sign = async () => { throw new SignerUnavailable('nobody answers') }
    const [away, page] = [await anybody.get(`/c/${number}/proof.json`), await anybody.page(`/c/${number}/proof.json?lang=vi`)]
    world.credentialKey.sign = sign
    expect([away.status, away.body.code, away.headers['retry-after'], page.text.includes('Không có gì bị mất')]).toEqual([503, 'signer_unavailable', '5', true])
    expect((await anybody.get(`/c/${number}/proof.json`)).status).toBe(200)
  })
})

describe('a signer process that dies', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-away-'))
  const main = new URL('../../server/signer/main.ts', import.meta.url).pathname
  let child: ChildProcess
  let remote: RemoteSigner
  let timeStamps: TimeStamps
  const start = () => { child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, DATA_DIR: dataDir, LOG_LEVEL: 'silent' }, stdio: 'ignore' }) }
  const kill = async () => {
    const gone = new Promise(resolve => child.once('exit', resolve))
    if (child.kill('SIGKILL')) await gone
  }
  beforeAll(async () => {
    await developmentAuthority(dataDir, castBegins) // the signer's own keys would begin yesterday, after the cast has lived
    start()
    remote = await connectSigner(socketPathFor(dataDir))
    timeStamps = await openTimeStamps({ dataDir, now: () => clock.now })
  })
  afterAll(async () => {
    remote.close()
    await kill()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const behind = (): World => ({ ...world, signer: remote.signer, credentialKey: remote.credentialKey, logKey: remote.logKey, timeStamps })

  it('in the middle of issuing leaves nothing; started again, the same job issues once', async () => {
    const { id } = await reserved()
    const before = await stored()
    const dying: World = { ...behind(), signer: { ...remote.signer, sign: async data => { await kill(); return remote.signer.sign(data) } } }
    await expect(issueCertificate(dying, id)).rejects.toThrow(SignerUnavailable)
    await expect(issueCertificate(behind(), id)).rejects.toThrow(SignerUnavailable)
    expect([await kept(id), await stored() - before]).toEqual([nothing, 0])
    start()
    await (await connectSigner(socketPathFor(dataDir))).close()
    await issueCertificate(behind(), id)
    await issueCertificate(behind(), id)
    expect([await kept(id), await stored() - before]).toEqual([once, 1])
    const [file] = await sql`select document_key as key from certificate_files where certificate_id = ${id}`
    const bytes = Buffer.concat(await (await world.documents.get(String(file?.key))).toArray())
    expect(await checkSealed(bytes, remote.signer.root, timeStamps.root)).toEqual(allPassed)
  })
})
