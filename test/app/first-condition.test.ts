import { describe, expect, it } from 'vitest'
import { newId } from '../../schema/shared.ts'
import type { CastName } from '../../scripts/seed.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// A first certificate with something small still to be done: two sign for it, the register shows it from the first moment on, a new decision says whether it was met.
const theatre = await stage()
const { as, anybody, clock, mails, runJobs, world: { database: { sql } } } = theatre
const { awaiting, fileOf, stageOf, employerOf } = sealedFilesOn(theatre)
const under = { condition: '寮の非常灯を直し、写真を出す。', conditionUntil: '2027-01-31' }
const at = (id: string) => `/applications/${id}/decision`
const certify = async (who: CastName, id: string, change: Record<string, unknown> = under) => as(who).post(at(id), { outcome: 'certify', reasons: '記録にもとづく。', version: (await stageOf(id))?.version, dossierSha256: await fileOf(id), once: newId(), ...change })
const certificateOf = async (id: string) => (await sql<{ id: string; number: string }[]>`select id, number from certificates where application_id = ${id}`)[0] ?? { id: '', number: '' }
const standing = async (number: string) => (await anybody.get(`/c/${number}`)).body.standing
const says = async (who: CastName, certificateId: string, change: string) => {
  const path = `/certificates/${certificateId}/standing`, { version } = (await as(who).get(path)).body
  return (await as(who).post(path, { change, reasonClass: 'nonconformity', reasons: '写真を確かめた。', until: '', condition: '', version, once: newId() })).status
}

describe('a certificate with a condition', () => {
  it('is signed for by two under the same one, is told to the holder, and stands so from its issue until a decision says that it was met', async () => {
    const id = await awaiting({ employerId: await employerOf('yamada') })
    expect((await certify('tanaka', id)).body.outcome).toBe('signed')
    const { signing } = (await as('kobayashi').get(at(id))).body, page = (await as('kobayashi').page(at(id), 'en')).text
    expect([signing.condition, page.includes(under.condition), page.includes('value="2027-01-31"')]).toEqual([{ text: under.condition, until: under.conditionUntil }, true, true])
    mails.length = 0
    expect((await certify('kobayashi', id)).body.outcome).toBe('certify')
    await runJobs()

    const { id: certificateId, number } = await certificateOf(id)
    expect(await standing(number)).toBe('certified_with_condition')
    expect([...await sql`select event, actor from certificate_events where certificate_id = ${certificateId} order by log_seq`]).toEqual([{ event: 'issued', actor: 'clock' }, { event: 'condition_set', actor: 'decision_maker' }])
    expect((await sql`select standing from register_entries where certificate_id = ${certificateId}`)[0]).toEqual({ standing: 'certified_with_condition' })
    const mail = mails.find(({ to }) => to === 'yamada@yamada-press.example')
    expect([mail?.text.includes(under.condition), mail?.text.includes('2027-01-31'), mail?.text.includes(number)]).toEqual([true, true, true])
    const outcome = (await as('yamada').get(at(id))).body.outcome
    expect([outcome.condition, (await as('yamada').page(at(id), 'en')).text.includes('Certification was granted with a condition')]).toEqual([{ text: under.condition, until: under.conditionUntil }, true])
    const [own] = (await as('yamada').get('/employer/certificates')).body.certificates
    expect(own.history[0]).toMatchObject({ change: 'condition_set', condition: under.condition, until: under.conditionUntil, appeal: { id: null } })
    expect((await anybody.page(`/c/${number}`)).text).not.toContain(under.condition)

    expect([await says('kobayashi', certificateId, 'condition_met'), await standing(number)]).toEqual([201, 'certified'])
  })

  it('is issued with it once, however often the job runs', async () => {
    const id = await awaiting()
    await certify('tanaka', id)
    await certify('kobayashi', id)
    const { issueCertificate } = await import('../../server/certificates/issue.ts')
    const { id: certificateId } = await certificateOf(id)
    await Promise.all([issueCertificate(theatre.world, certificateId), issueCertificate(theatre.world, certificateId)])
    await issueCertificate(theatre.world, certificateId)
    expect((await sql`select count(*)::int as n from standing_decisions where certificate_id = ${certificateId}`)[0]).toEqual({ n: 1 })
  })

  it('comes on the list of the decision makers when its day has passed, and can be suspended for it', async () => {
    const id = await awaiting(), today = clock.now
    await certify('tanaka', id)
    await certify('kobayashi', id)
    await runJobs()
    const { id: certificateId, number } = await certificateOf(id)
    const why = async () => (await as('kobayashi').get('/standings')).body.work.filter((one: { certificateId: string }) => one.certificateId === certificateId).map((one: { why: string; until: string }) => [one.why, one.until])
    clock.now = new Date('2027-01-31T14:00:00Z') // still the 31st in Japan
    const before = await why()
    clock.now = new Date('2027-01-31T15:00:00Z')
    expect([before, await why(), (await as('kobayashi').page('/standings', 'en')).text.includes('The day for meeting the condition has passed')]).toEqual([[], [['condition_over', '2027-01-31']], true])
    const path = `/certificates/${certificateId}/standing`
    expect((await as('kobayashi').post(path, { change: 'suspended', reasonClass: 'nonconformity', reasons: '条件が満たされなかった。', until: '2027-03-31', condition: '', version: (await as('kobayashi').get(path)).body.version, once: newId() })).status).toBe(201)
    expect([await standing(number), await why()]).toEqual(['suspended', [['suspended', '2027-03-31']]])
    clock.now = today
  })

  it.each([
    ['no day', { condition: '直す' }, 422, 'invalid', undefined],
    ['a day and no words', { conditionUntil: '2027-01-31' }, 422, 'invalid', undefined],
    ['a day that is no day', { condition: '直す', conditionUntil: '2027-02-30' }, 422, 'invalid', undefined],
    ['today', { condition: '直す', conditionUntil: '2026-11-24' }, 409, 'needs', ['condition_until']],
    ['a day after the first surveillance', { condition: '直す', conditionUntil: '2027-11-25' }, 409, 'needs', ['condition_until']],
  ])('is not signed for with %s', async (_, change, status, code, missing) => {
    const id = await awaiting(), answer = await certify('tanaka', id, change)
    expect([answer.status, answer.body.code, answer.body.missing]).toEqual([status, code, missing])
    expect([...await sql`select from decision_signatures where application_id = ${id}`]).toEqual([])
  })

  it.each([['none', {}], ['other words', { ...under, condition: '別の条件' }], ['another day', { ...under, conditionUntil: '2027-02-28' }]])('is not certified with %s where the first signed under one', async (_, change) => {
    const id = await awaiting()
    await certify('tanaka', id)
    const answer = await certify('kobayashi', id, change)
    expect([answer.status, answer.body.missing, (await stageOf(id))?.stage]).toEqual([409, ['condition_as_signed'], 'awaiting_decision'])
  })

  it('may be given one by the second, where the first saw no need of it', async () => {
    const id = await awaiting()
    await certify('tanaka', id, {})
    expect((await certify('kobayashi', id)).body.outcome).toBe('certify')
    await runJobs()
    expect(await standing((await certificateOf(id)).number)).toBe('certified_with_condition')
  })

  it('keeps what was typed when something is missing, and a refusal carries none', async () => {
    const id = await awaiting()
    const answer = await as('tanaka').submit(at(id), { outcome: 'certify', reasons: '理由', version: String((await stageOf(id))?.version), dossierSha256: await fileOf(id), condition: '非常灯を直す', conditionUntil: '' })
    expect([answer.status, answer.text.includes('非常灯を直す'), answer.text.includes('id="errors"')]).toEqual([422, true, true])
    await certify('tanaka', id, { outcome: 'refuse', ...under })
    expect((await sql`select outcome, condition, condition_until from decisions where application_id = ${id}`)[0]).toEqual({ outcome: 'refuse', condition: null, condition_until: null })
  })
})
