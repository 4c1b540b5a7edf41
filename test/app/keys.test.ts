import 'reflect-metadata' // @peculiar/x509 asks for it
import { execFile, spawnSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { X509Crl } from '@peculiar/x509'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { openKeys } from '../../server/adapters/keys.ts'
import { openSigner } from '../../server/adapters/signer.ts'
import { ensureKeys } from '../../server/keys/ensure.ts'
import { publishLog } from '../../server/log/publish.ts'
import { checkCredential } from '../../server/proof/credential.ts'
import { readEntry } from '../../server/proof/entry.ts'
import { checkSealKey, sealKeysIn, sealKeysOf } from '../../server/proof/seal/key.ts'
import { databaseAt } from '../support/postgres.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, world, anybody, clock, runJobs } = theatre
const { sql } = world.database
const { issued, awaiting, decisionOn } = sealedFilesOn(theatre)
const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-keys-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))
cpSync(path.join(inject('keysDir'), 'keys'), path.join(dataDir, 'keys'), { recursive: true })
clock.now = new Date()

/** What a start does: opens the newest keys and tells of them. */
async function start() {
  Object.assign(world, { signer: await openSigner({ dataDir }), ...await openKeys(dataDir) })
  await ensureKeys(world)
}
const [{ name: database } = { name: '' }] = await sql<{ name: string }[]>`select current_database() as name`
const run = async (...args: string[]) => promisify(execFile)(process.execPath, ['scripts/keys.ts', ...args], { cwd: path.resolve(import.meta.dirname, '../..'), env: { PATH: process.env.PATH, DATABASE_URL: databaseAt(inject('databaseUrl'), database), DATA_DIR: dataDir, PUBLIC_URL: 'http://akashi.test' } })
  .then(({ stdout }) => ({ code: 0, said: stdout }), error => ({ code: error.code as number, said: String(error.stderr) }))
const ask = (url: string) => app.inject({ method: 'GET', url, headers: { host: 'akashi.test' } })
const published = async () => (await anybody.get('/keys.json')).body.keys as { keyId: string; purpose: string; state: string; since: string; [more: string]: unknown }[]
const did = async () => JSON.parse((await ask('/.well-known/did.json')).body)
const states = async (purpose: string) => (await published()).filter(key => key.purpose === purpose).map(({ keyId, state }) => [keyId, state])
const logged = () => sql<{ type: string; key: string; since: string | null }[]>`select body::json->>'type' as type, body::json->>'key' as key, body::json->>'since' as since from log_entries where body::json->>'type' like 'key_%' order by seq`
const credentialOf = async (number: string) => (await ask(`/c/${number}/certificate.vc.jwt`)).body
const keyOf = async (number: string) => (await anybody.get(`/c/${number}`)).body.keyId

describe('at the start', () => {
  it('the three keys are told of once, however often and by however many it is started', async () => {
    await start()
    await Promise.all([ensureKeys(world), ensureKeys(world)])
    const lines = await logged()
    expect(lines.map(({ type }) => type)).toEqual(['key_added', 'key_added', 'key_added'])
    expect(new Set(lines.map(({ key }) => key)).size).toBe(3)
    expect((await published()).map(({ purpose, state, keyId }) => [purpose, state, keyId])).toEqual(['seal', 'credential', 'log'].map((purpose, index) => [purpose, 'active', lines[index]?.key]))
  })
})

describe('everybody can read', () => {
  it('with what to check by: certificates, fingerprints, public keys, the name of the log', async () => {
    const [seal, credential, log] = await published()
    const root = await ask('/keys/root.der')
    expect(seal).toMatchObject({ keyId: world.signer.keyId, algorithm: 'RS256', development: true, fingerprintSha256: createHash('sha256').update(world.signer.certificate).digest('hex'), rootFingerprintSha256: createHash('sha256').update(root.rawPayload).digest('hex') })
    expect([credential?.keyId, log?.verifierKey, root.headers['content-type']]).toEqual([world.credentialKey.kid, expect.stringMatching(new RegExp(`^akashi\\.test/log\\+${log?.keyId}\\+`)), 'application/pkix-cert'])
    expect((await anybody.get('/keys.json')).body.timeStamps.rootFingerprintSha256).toBe(createHash('sha256').update(world.timeStamps.root).digest('hex'))
  })

  it.each([['ja', 'PDFソフトが「不明」と表示する理由', '見本'], ['en', 'Why a PDF reader may say “unknown”', 'sample']])('on a page in %s that explains "unknown", with fingerprints to compare', async (lang, heading, sample) => {
    const { status, text, headers } = await anybody.page(`/keys?lang=${lang}`)
    const groups = createHash('sha256').update(world.signer.certificate).digest('hex').toUpperCase().match(/.{4}/g)?.join(' ')
    expect([status, headers['cache-control'], text.includes(heading), text.includes(sample), text.includes(groups ?? '?'), text.includes('<script')]).toEqual([200, 'public, max-age=60', true, true, true, false])
  })
})

describe('npm run keys', () => {
  it('says how it is used, and that there is no such key', async () => {
    const wrong = [[], ['list', '--nonsense'], ['rotate'], ['rotate', 'root'], ['compromise', 'x'], ['compromise', 'x', '--since', 'yesterday']]
    expect(await Promise.all(wrong.map(args => run(...args)))).toEqual(wrong.map(() => ({ code: 2, said: expect.stringContaining('usage') })))
    expect(await run('compromise', 'nobody', '--since', '2026-11-24T00:00:00Z')).toEqual({ code: 1, said: 'keys: no key nobody is known here: npm run keys -- list\n' })
  })

  it('lists what signs', async () => {
    const { said } = await run('list')
    expect(said.split('\n').map(line => line.split(/\s+/)).filter(([purpose]) => purpose).map(([purpose, state, , keyId]) => [purpose, state, keyId])).toEqual((await published()).map(({ purpose, state, keyId }) => [purpose, state, keyId]))
  })
})

describe('a rotated key', () => {
  it('signs nothing new, also where it is still open; what it signed stays good; the next start uses the new one', { timeout: 60_000 }, async () => {
    const first = await issued()
    const [seal, credential] = [world.signer.keyId, world.credentialKey.kid]
    expect([await run('rotate', 'seal'), await run('rotate', 'credential')].map(({ code, said }) => [code, said.includes('Start Akashi again')])).toEqual([[0, true], [0, true]])

    const id = await awaiting()
    const { body: { certificateNumber: second } } = await theatre.as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id))
    await runJobs()
    expect((await ask(`/c/${second}`)).statusCode).toBe(404)
    const [{ problem } = { problem: '' }] = await sql`select last_error as problem from graphile_worker.jobs where key like 'issue_certificate:%'`
    expect(problem).toContain(`the seal key ${seal} is retired`)

    await start()
    await sql`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), run_at => now())`
    await runJobs()
    expect([await keyOf(second), await keyOf(first.number), world.signer.keyId === seal]).toEqual([world.signer.keyId, seal, false])
    expect([await states('seal'), await states('credential')]).toEqual([[[world.signer.keyId, 'active'], [seal, 'retired']], [[world.credentialKey.kid, 'active'], [credential, 'retired']]])
    for (const number of [first.number, second]) expect(checkCredential(await credentialOf(number), await did(), { at: clock.now }).checks).toMatchObject({ key: 'passed', signature: 'passed' })
    expect((await logged()).slice(3).map(({ type }) => type)).toEqual(['key_added', 'key_retired', 'key_added', 'key_retired'])
  })

  it('leaves the DID document when the last credential it signed has expired, and never the list of keys', async () => {
    const retired = (await states('credential')).find(([, state]) => state === 'retired')?.[0]
    const names = async () => (await did()).verificationMethod.some(({ id }: { id: string }) => id.endsWith(`#${retired}`))
    const today = clock.now
    const before = await names()
    clock.now = new Date(today.getTime() + 3.01 * 365.25 * 86_400_000)
    const after = await names()
    clock.now = today
    expect([before, after, (await states('credential')).length]).toEqual([true, false, 2])
  })

  it('of the log signs no checkpoint any more, and those that people hold stay good', { timeout: 60_000 }, async () => {
    const [[before]] = [await states('log')]
    await runJobs()
    const { number } = await issued() // it carries a checkpoint by this key
    await runJobs()
    expect((await run('rotate', 'log')).code).toBe(0)
    await expect(publishLog(world)).rejects.toThrow(`the log key ${before?.[0]} is retired`)
    await start()
    await sql`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), run_at => now())`
    await runJobs()
    expect((await states('log')).map(([keyId, state]) => [keyId === before?.[0], state])).toEqual([[false, 'active'], [true, 'retired']])

    const kept = mkdtempSync(path.join(dataDir, 'kept-'))
    const places = { 'certificate.pdf': `/c/${number}/certificate.pdf`, 'certificate.vc.jwt': `/c/${number}/certificate.vc.jwt`, 'proof.json': `/c/${number}/proof.json`, 'checkpoint.txt': '/log/checkpoint', 'did.json': '/.well-known/did.json', 'root.der': '/keys/root.der', 'status.vc.jwt': '/credentials/status', 'keys.json': '/keys.json' }
    for (const [file, url] of Object.entries(places)) writeFileSync(path.join(kept, file), (await ask(url)).rawPayload)
    const checked = spawnSync(process.execPath, ['scripts/verify.ts', path.join(kept, 'certificate.pdf'), '--offline', kept, '--json'], { cwd: path.resolve(import.meta.dirname, '../..'), encoding: 'utf8' })
    expect([checked.status, JSON.parse(checked.stdout).checks.filter(({ check }: { check: string }) => check === 'checkpoint').map(({ verdict, path }: { verdict: string; path: string }) => [path, verdict])])
      .toEqual([0, [['checkpoint.txt', 'passed'], ['certificate.pdf', 'passed'], ['certificate.vc.jwt', 'passed']]])
  })
})

describe('a compromised key', () => {
  it('may have a name that begins like an option', async () => {
    const answers = await Promise.all(['-5kid', '--kid'].map(key => run('compromise', key, '--since', '2026-11-20T00:00:00Z')))
    expect(answers.map(({ code, said }) => [code, said.includes('usage')])).toEqual([[1, false], [1, false]]) // understood; only there is no such key
  })

  it('of credentials vouches for nothing since its date; before, only for what the log took in', { timeout: 60_000 }, async () => {
    const before = await issued()
    const jwt = await credentialOf(before.number)
    const stolen = world.credentialKey.kid
    await new Promise(resolve => setTimeout(resolve, 20))
    clock.now = new Date()
    const since = clock.now.toISOString()
    const after = await issued()
    const { code, said } = await run('compromise', stolen, '--since', since, '--reissue')
    expect([code, said.match(/RE-JP-\S+/g), said.includes('1 certificates get a new edition'), said.includes('the new credential key is')]).toEqual([0, [after.number], true, true])
    const document = await did()
    expect([document.verificationMethod.find(({ id }: { id: string }) => id.endsWith(stolen)).revoked, document.assertionMethod.some((id: string) => id.endsWith(stolen))]).toEqual([since, false])
    const key = (loggedAt?: Date) => checkCredential(jwt, document, { at: clock.now, loggedAt }).checks.key
    expect([key(), key(new Date(Date.parse(since) - 1)), key(new Date(since))]).toEqual(['could_not_be_checked', 'passed', 'failed'])
    expect((await logged()).findLast(({ type }) => type === 'key_compromised')).toEqual({ type: 'key_compromised', key: stolen, since })
    await expect(ensureKeys(world)).rejects.toThrow(`compromised since ${since}`)

    await start()
    await sql`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), run_at => now())`
    await runJobs()
    const again = checkCredential(await credentialOf(after.number), await did(), { at: clock.now })
    expect([again.checks.key, again.says?.id]).toEqual(['passed', `http://akashi.test/c/${after.number}/certificate.vc.jwt?edition=2`])
    expect((await anybody.get(`/c/${before.number}`)).body.edition).toBe(1)
  })

  it('of the seal is revoked with its date, and those sealed since are named', { timeout: 60_000 }, async () => {
    const [certificate, stolen] = [world.signer.certificate, world.signer.keyId]
    clock.now = new Date()
    const before = await issued()
    const since = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000)
    await new Promise(resolve => setTimeout(resolve, since.getTime() - Date.now() + 50))
    clock.now = new Date()
    const after = await issued()
    const { code, said } = await run('compromise', stolen, '--since', since.toISOString())
    expect([code, said.match(/RE-JP-\S+/g), said.includes('reissue')]).toEqual([0, [after.number], false])
    await start()
    expect([world.signer.keyId === stolen, (await states('seal')).find(([id]) => id === stolen)?.[1]]).toEqual([false, 'compromised'])
    const revoked = new X509Crl(new Uint8Array(world.signer.crls[0] ?? [])).findRevoked(new X509Certificate(certificate).serialNumber)
    expect(revoked?.revocationDate).toEqual(since)
    expect((await anybody.page('/keys?lang=en')).text).toContain('may have been stolen')

    const entries = (await sql<{ body: string }[]>`select body from log_entries order by seq`).map(({ body }) => readEntry(body)).filter(entry => entry !== undefined)
    const [told, listed] = [sealKeysOf(entries), sealKeysIn((await ask('/keys.json')).body) ?? new Map()]
    expect([told.get(stolen), told.get(world.signer.keyId), listed]).toEqual([since, null, told])
    const [earlier, later] = await Promise.all([before, after].map(async ({ number }) => (await ask(`/c/${number}/certificate.pdf`)).rawPayload))
    const verdicts = (pdf: Uint8Array = new Uint8Array()) => [told, new Map([[stolen, null]]), new Map()].map(keys => checkSealKey(pdf, keys, world.timeStamps.root))
    expect([verdicts(earlier), verdicts(later)]).toEqual([['passed', 'passed', 'failed'], ['failed', 'passed', 'failed']])
    expect([checkSealKey(later ?? Buffer.alloc(0), told), checkSealKey(Buffer.from('%PDF-'), told)]).toEqual(['could_not_be_checked', 'could_not_be_checked'])
    expect((await run('compromise', stolen, '--since', '2999-01-01T00:00:00Z')).code).toBe(1)
  })
})
