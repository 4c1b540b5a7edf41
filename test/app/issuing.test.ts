import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { issueCertificate } from '../../server/certificates/issue.ts'
import { checkSealed } from '../../server/proof/seal/check.ts'
import { readNumber } from '../../server/domain/certificate-number.ts'
import type { World } from '../../server/world.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, runJobs, world } = theatre
const { sql } = world.database
const { awaiting, decisionOn, employerOf } = sealedFilesOn(theatre)

async function certified(how: Parameters<typeof awaiting>[0] = {}) {
  const id = await awaiting(how)
  await as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id))
  const [row] = await sql`select * from certificates where application_id = ${id}`
  if (!row) throw new Error('nothing was reserved')
  return { id, certificateId: row.id as string, number: row.number as string, row }
}
const stored = async () => {
  const keys: string[] = []
  for await (const { key } of world.documents.list()) keys.push(key)
  return keys
}
const traces = async (certificateId: string) => (await sql`select (select count(*)::int from certificate_events where certificate_id = ${certificateId}) as events,
  (select count(*)::int from journal where subject_id = ${certificateId} and operation = 'certificates.issue') as entries, (select state from certificates where id = ${certificateId}) as state`)[0]
const down = () => { throw new Error('it dies here') }
const pretend = (change: Partial<World>): World => ({ ...world, ...change })

describe('reserving', () => {
  it('gives a number with its check character, 36 months, bands instead of counts, and a random place', async () => {
    const { row, number } = await certified({ nameJa: '葛󠄀城鉄工㈱', exclusions: '構内の請負会社\n新しい寮' })
    expect(readNumber(number)).toEqual({ number, year: 2026, serial: row.serial, cycle: 1 })
    expect([row.issued_on, row.expires_on, row.status_index >= 0 && row.status_index < 131_072]).toEqual(['2026-11-24', '2029-11-23', true])
    expect(row.statement).toMatchObject({
      number, sample: true, verifyUrl: `http://akashi.test/c/${number}`, holder: { nameJa: '葛󠄀城鉄工㈱' }, tier: { code: 'T3' }, decidedOn: '2026-11-24', lastDayOnSite: '2026-11-20', firstIssuedOn: '2026-11-24',
      scope: { workersBand: '11–50', foreignWorkersBand: '1–10', programmesJa: ['特定技能1号'] }, assessor: { nameJa: '佐藤社会保険労務士事務所' },
      exclusions: [{ ja: '構内の請負会社', en: '' }, { ja: '新しい寮', en: '' }],
    })
  })

  it('counts the numbers of a year without a gap, also when two are reserved at once', async () => {
    const [one, other] = await Promise.all([certified(), certified()])
    const [last] = await sql`select max(serial)::int as serial, count(*)::int as numbers from certificates`
    expect(last?.serial).toBe(last?.numbers)
    expect(Math.abs(one.row.serial - other.row.serial)).toBe(1)
  })

  it('keeps year and serial for the next cycle of the same holder', async () => {
    const employerId = await employerOf('yamada')
    const first = await certified({ employerId })
    const second = await certified({ employerId })
    expect(second.number.slice(0, 18)).toBe(first.number.slice(0, 18))
    expect([first.row.cycle, second.row.cycle, second.row.statement.firstIssuedOn]).toEqual([1, 2, first.row.issued_on])
  })
})

describe('the job', () => {
  it('publishes a sealed file whose hash, size and key are on the register', async () => {
    const { number, certificateId } = await certified()
    await runJobs()
    const { body } = await anybody.get(`/c/${number}`)
    const [{ document_key: key } = { document_key: '' }] = await sql`select document_key from certificate_files where certificate_id = ${certificateId}`
    const bytes = Buffer.concat(await (await world.documents.get(key)).toArray())
    expect([createHash('sha256').update(bytes).digest('hex'), bytes.length, world.signer.keyId]).toEqual([body.sha256, body.size, body.keyId])
    expect(await checkSealed(bytes, world.signer.root, world.timeStamps.root)).toEqual({ digest: 'passed', signature: 'passed', chain: 'passed', time: 'passed', covers: 'passed' })
    expect(await traces(certificateId)).toEqual({ events: 1, entries: 1, state: 'issued' })
  })

  it('changes nothing when it runs a second time', async () => {
    const { certificateId } = await certified()
    await issueCertificate(world, certificateId)
    const [before] = await sql`select * from certificates where id = ${certificateId}`
    const files = await stored()
    await issueCertificate(world, certificateId)
    expect((await sql`select * from certificates where id = ${certificateId}`)[0]).toEqual(before)
    expect([await stored(), await traces(certificateId)]).toEqual([files, { events: 1, entries: 1, state: 'issued' }])
  })

  it('leaves one certificate and one file when two runners do it at the same moment', async () => {
    const { certificateId } = await certified()
    const before = (await stored()).length
    await Promise.all([issueCertificate(world, certificateId), issueCertificate(world, certificateId)])
    expect([(await stored()).length - before, await traces(certificateId)]).toEqual([1, { events: 1, entries: 1, state: 'issued' }])
  })

  const lying = { ...world.documents, put: async (...of: Parameters<typeof world.documents.put>) => ({ ...await world.documents.put(...of), sha256: '0'.repeat(64) }) }
  const keptThenDead = { ...world.documents, put: async (...of: Parameters<typeof world.documents.put>) => { await world.documents.put(...of); return down() } }
  it.each<[string, Partial<World>]>([
    ['sealing', { signer: { ...world.signer, sign: async () => down() } }],
    ['sealing with a key that is not its own', { signer: { ...world.signer, sign: async () => new Uint8Array(384) } }],
    ['storing', { documents: { ...world.documents, put: async () => down() } }],
    ['storing, after the bytes are kept', { documents: keptThenDead }],
    ['storing other bytes than were sealed', { documents: lying }],
    ['publishing', {}],
  ])('fails at %s without publishing, and is whole after the next try', async (step, broken) => {
    const { certificateId, number } = await certified()
    if (step === 'publishing') await sql.unsafe(`create function die() returns trigger language plpgsql as $$ begin raise exception 'it dies here'; end $$;
      create trigger dies before insert on certificate_events for each row execute function die()`)
    await expect(issueCertificate(pretend(broken), certificateId)).rejects.toThrow()
    expect([await traces(certificateId), (await anybody.get(`/c/${number}`)).status]).toEqual([{ events: 0, entries: 0, state: 'issuing' }, 404])
    if (step === 'publishing') await sql.unsafe('drop trigger dies on certificate_events; drop function die()')
    await issueCertificate(world, certificateId)
    expect([await traces(certificateId), (await anybody.get(`/c/${number}`)).status]).toEqual([{ events: 1, entries: 1, state: 'issued' }, 200])
  })

  it('does not seal what claims to be no sample with a development key', async () => {
    const { certificateId, id } = await certified()
    await sql`alter table certificates disable trigger certificate_is_kept`
    await sql`update certificates set statement = jsonb_set(statement, '{sample}', 'false') where application_id = ${id}`
    await sql`alter table certificates enable trigger certificate_is_kept`
    await expect(issueCertificate(world, certificateId)).rejects.toThrow('samples only')
  })
})

describe('while it is being issued', () => {
  it('is unknown to the public, and the employer and the decider see how far it is', async () => {
    const { id, number } = await certified({ employerId: await employerOf('yamada') })
    const state = async (who: 'yamada' | 'tanaka') => (await as(who).get(`/applications/${id}/decision`)).body.certificate
    expect([(await anybody.get(`/c/${number}`)).status, (await state('yamada')).state, (await state('tanaka')).state]).toEqual([404, 'waiting', 'waiting'])
    expect((await as('yamada').page(`/applications/${id}/decision`)).text).toContain('発行を待っています')
    await runJobs()
    expect(await state('yamada')).toMatchObject({ number, state: 'issued', url: `/c/${number}`, mayRetry: false })
  })

  it('says that a job is stuck, and lets the operator start it again', async () => {
    const { id, certificateId, number } = await certified()
    await sql`select graphile_worker.permanently_fail_jobs(array(select id from graphile_worker.jobs where key = ${`issue_certificate:${certificateId}`}), 'it died')`
    expect((await as('suzuki').get(`/applications/${id}/decision`)).body.certificate).toMatchObject({ state: 'failed', mayRetry: true })
    expect((await as('suzuki').page(`/applications/${id}/decision`)).text).toContain(`/certificates/${certificateId}/retry`)
    expect((await as('suzuki').post(`/certificates/${certificateId}/retry`)).status).toBe(201)
    await runJobs()
    expect((await anybody.get(`/c/${number}`)).status).toBe(200)
    expect((await as('suzuki').post(`/certificates/${certificateId}/retry`)).body.code).toBe('no_such_step')
  })

  it.each(['yamada', 'tanaka', 'sato'] as const)('is not started again by %s', async who => {
    const { certificateId } = await certified()
    expect((await as(who).post(`/certificates/${certificateId}/retry`)).status).toBe(403)
  })
})
