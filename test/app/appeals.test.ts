import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { findings } from '../../schema/findings.ts'
import type { CastName } from '../../scripts/seed.ts'
import { appealsOn } from '../support/appeals.ts'
import { asIfEarlier } from '../support/as-if.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, idOf, mails, runJobs, clock, world: { database: { db, sql } } } = theatre
const { awaiting, decisionOn, fileOf, issued, stageOf } = sealedFilesOn(theatre)
const begun = clock.now, day_ms = 86_400_000
await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('lee')}`
const { speaksFor, refused, file, handled, answer } = appealsOn(theatre)
const operations = (subject: string) => sql`select operation, actor_id, after from journal where subject_id = ${subject} order by id`

describe('an appeal against a refusal', () => {
  it('is played to its end by the cast: refused by one, upheld by another, signed and decided by a third and a fourth', async () => {
    await sql`update people set staff_roles = '{assessor}' where id = ${idOf('lee')}`
    const { id, href } = await refused()
    const appealId = await handled(href)
    await answer(appealId, 'upheld')
    const certify = async (who: CastName) => as(who).post(`/applications/${id}/decision`, { outcome: 'certify', reasons: '９月分も確かめた。', version: (await stageOf(id))?.version, dossierSha256: await fileOf(id), once: randomUUID() })
    expect([(await certify('tanaka')).body.code, (await certify('kobayashi')).body.code, (await certify('nakamura')).body.outcome, (await certify('nakamura')).body.missing, (await certify('ishii')).body.outcome]).toEqual(['not_independent', 'not_independent', 'signed', ['second_signature'], 'certify'])
    expect((await stageOf(id))?.stage).toBe('certified')
    await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('lee')}`
  })

  it('goes from the refusal to a new decision by people who took no part: filed, handed over, upheld, decided anew, certified', async () => {
    const { id, href } = await refused()
    mails.length = 0
    const filed = await file(href), appeal = `/appeals/${filed.body.appealId}`
    expect([filed.status, (await stageOf(id))?.stage]).toEqual([201, 'refused'])
    await runJobs()
    expect(mails.map(({ to, subject }) => [to, subject])).toEqual(expect.arrayContaining([['yamada@yamada-press.example', '不服申立てを受け付けました'], ['suzuki@akashi.example', '不服申立てがありました']]))

    const seen = (await as('suzuki').get(appeal)).body
    expect([seen.state, seen.decideBy, seen.candidates.map(({ name }: { name: string }) => name).toSorted()]).toEqual(['filed', '2027-01-23', ['Lee Ji-won', '中村 修', '小林 由美', '石井 久美子']])
    await as('suzuki').post(`${appeal}/handler`, { personId: idOf('kobayashi') })
    expect([(await as('kobayashi').get('/appeals')).body.appeals.map(({ id: one }: { id: string }) => `/appeals/${one}`), (await as('tanaka').get(appeal)).status]).toEqual([expect.arrayContaining([appeal]), 404])

    mails.length = 0
    expect((await answer(filed.body.appealId, 'upheld')).status).toBe(201)
    expect((await stageOf(id))?.stage).toBe('awaiting_decision')
    await runJobs()
    expect(mails.find(({ to }) => to === 'yamada@yamada-press.example')?.text).toMatch(/申立ては認められました[\s\S]*９月分の台帳を確かめた。[\s\S]*別の人が、あらためて判定/)

    // who refused, and who upheld, are out: in the list, on the page, by POST
    const listed = async (who: CastName) => (await as(who).get('/decisions')).body.awaiting.map((row: { application: { id: string } }) => row.application.id).includes(id)
    expect([await listed('tanaka'), await listed('kobayashi'), await listed('lee')]).toEqual([false, false, true])
    for (const who of ['tanaka', 'kobayashi'] as const) {
      expect([(await as(who).get(`/applications/${id}/decision`)).status, (await as(who).post(`/applications/${id}/decision`, await decisionOn(id))).body.code]).toEqual([403, 'not_independent'])
    }
    expect((await as('lee').page(`/applications/${id}/decision`)).text).toContain('不服申立てが認められて取り消されました')
    expect((await as('lee').post(`/applications/${id}/decision`, await decisionOn(id))).body.outcome).toBe('certify')
    await runJobs()
    const page = await as('yamada').get(`/applications/${id}/decision`)
    expect([page.body.outcome.outcome, page.body.certificate.state, (await sql`select outcome, appeal_id is not null as anew from decisions where application_id = ${id} order by id`).map(row => ({ ...row }))])
      .toEqual(['certify', 'issued', [{ outcome: 'refuse', anew: false }, { outcome: 'certify', anew: true }]])
    const history = (await as('yamada').get(`/applications/${id}`)).body.history.map(({ what, note }: { what: string; note: string | null }) => [what, note])
    expect(history.slice(0, 3)).toEqual([[expect.any(String), '記録と現地審査の結果にもとづく。'], ['不服申立てが認められ、あらためて判定へ', null], [expect.any(String), '割増賃金の不足が続いている。']])
    expect((await operations(filed.body.appealId)).map(({ operation }) => operation)).toEqual(['appeals.file', 'appeals.hand_over', 'appeals.decide'])
  })

  it('changes nothing when it is not upheld, and cannot be made again', async () => {
    const { id, href } = await refused()
    const appealId = await handled(href)
    expect((await answer(appealId, 'rejected')).status).toBe(201)
    expect([(await stageOf(id))?.stage, (await file(href)).body.code, (await answer(appealId, 'upheld')).body.code]).toEqual(['refused', 'already_exists', 'already_decided'])
    const page = await as('yamada').page(`/appeals/${appealId}`, 'en')
    expect([page.text.includes('The appeal was not upheld'), page.text.includes('小林 由美')]).toEqual([true, false])
  })

  it('can be refused again, and that appealed against again, by others still', async () => {
    const { id, href } = await refused()
    await answer(await handled(href), 'upheld')
    await as('lee').post(`/applications/${id}/decision`, { ...await decisionOn(id, 'refuse'), reasons: '別の理由。' })
    const again = (await as('yamada').get(`/applications/${id}/decision`)).body.outcome
    const { body: { appealId } } = await file(again.appeal.href)
    expect([again.reasons, again.appeal.href === href, (await as('suzuki').get(`/appeals/${appealId}`)).body.candidates.map(({ name }: { name: string }) => name).toSorted()]).toEqual(['別の理由。', false, ['中村 修', '石井 久美子']])
    await sql`update people set staff_roles = '{}' where id in (${idOf('nakamura')}, ${idOf('ishii')})` // they too have gone
    expect((await as('suzuki').page(`/appeals/${appealId}`)).text).toContain('渡せる人がいません')
    await sql`update people set staff_roles = '{decision_maker}' where id in (${idOf('nakamura')}, ${idOf('ishii')})`
  })

  it.each([['in the last second of day 30 in Japan', '2026-12-24T14:59:59.999Z', 201], ['in the first of day 31', '2026-12-24T15:00:00Z', 409]])('is taken %s: %s', async (_, now, status) => {
    const { href } = await refused()
    clock.now = new Date(now)
    const page = await as('yamada').get(href)
    expect([page.status, (await file(href)).status]).toEqual([status === 201 ? 200 : 409, status])
  })

  it('is overdue after 60 days, and the secretariat sees it', async () => {
    const { href } = await refused()
    const { body: { appealId } } = await file(href)
    const overdue = async () => (await as('suzuki').get(`/appeals/${appealId}`)).body.overdue
    clock.now = new Date(begun.getTime() + 60 * day_ms)
    const onTheDay = await overdue()
    clock.now = new Date(begun.getTime() + 61 * day_ms)
    expect([onTheDay, await overdue()]).toEqual([false, true])
    clock.now = begun
  })

  it('gives back what was typed when there are no grounds, and a form sent twice is one appeal', async () => {
    const { href } = await refused()
    const empty = await as('yamada').submit(href, { grounds: ' ' })
    expect([empty.status, empty.text.includes('id="errors"')]).toEqual([422, true])
    const body = { grounds: '理由', once: randomUUID() }
    const [one, other] = await Promise.all([as('yamada').post(href, body), as('yamada').post(href, body)])
    expect([one.status, other.status, other.body]).toEqual([201, 201, one.body])
    expect((await Promise.all([file(href), file(href)])).map(({ status }) => status)).toEqual([409, 409])
  })

  it('does not open a second case where the employer has applied again meanwhile', async () => {
    const { id, href } = await refused()
    await as('yamada').post('/applications', {})
    await sql`insert into applications (id, employer_id, standard_id, cycle, opened_by) select ${randomUUID()}, employer_id, standard_id, 2, opened_by from applications where id = ${id} on conflict do nothing`
    const appealId = await handled(href)
    expect([(await answer(appealId, 'upheld')).status, (await stageOf(id))?.stage, (await as('yamada').get(`/appeals/${appealId}`)).body.outcome.undone]).toEqual([201, 'refused', false])
  })
})

describe('an appeal against a standing', () => {
  async function changed(change: string, more = {}) {
    clock.now = begun
    const { id, number } = await issued()
    await speaksFor(id)
    const certificate = String((await sql`select id from certificates where number = ${number}`)[0]?.id)
    const decide = async (name: string, by: CastName, extra = {}) => as(by).post(`/certificates/${certificate}/standing`, { change: name, reasonClass: 'nonconformity', reasons: '現地で確かめた。', version: (await as(by).get(`/certificates/${certificate}/standing`)).body.version, ...extra })
    await decide(change, 'tanaka', more)
    const own = async () => (await as('yamada').get('/employer/certificates')).body.certificates.find((one: { number: string }) => one.number === number)
    return { decide, own, number, href: (await own()).history[0].appeal.href as string }
  }

  it.each([['suspended', { until: '2027-05-24' }, 'reinstated'], ['withdrawn', {}, 'reinstated'], ['condition_set', { condition: '鍵を直す' }, 'condition_met']])('%s: stands while it waits, and is undone when it is upheld', async (change, more, undoing) => {
    const { own, href, number } = await changed(change, more)
    const before = (await own()).standing, appealId = await handled(href, 'lee')
    expect([before, (await own()).standing]).toEqual([change === 'condition_set' ? 'certified_with_condition' : change, before])
    expect((await answer(appealId, 'upheld', 'lee')).status).toBe(201)
    const after = await own(), [row] = await sql`select standing from register_entries where number = ${number}`
    expect([after.standing, after.history[0].change, after.history[0].reasons, row?.standing]).toEqual(['certified', undoing, '９月分の台帳を確かめた。', 'certified'])
    expect((await theatre.anybody.page(`/c/${number}`)).status).toBe(200)
  })

  it('by the clock, which nobody decided: appealed against and lifted like any other', async () => {
    clock.now = begun
    const { id, number } = await issued()
    await speaksFor(id)
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor, at) select ${randomUUID()}, id, 'suspended', '2026-11-24', 'overdue', 'clock', ${begun.toISOString()} from certificates where number = ${number}`
    const own = async () => (await as('yamada').get('/employer/certificates')).body.certificates.find((one: { number: string }) => one.number === number)
    const { standing, history: [{ appeal }] } = await own()
    expect([standing, appeal.href]).toEqual(['suspended', expect.stringMatching(/^\/appeals\/against\/clock\//)])
    const appealId = await handled(appeal.href)
    expect((await as('yamada').page(`/appeals/${appealId}`)).text).toContain('期限切れによる効力停止')
    expect([(await answer(appealId, 'upheld')).status, (await own()).standing]).toEqual([201, 'certified'])
  })

  it.each(['suspended', 'condition_set'])('%s, lifted and decided again: the appeal against the first lifts not the second', async change => {
    const more = { until: '2027-05-24', ...(change === 'condition_set' ? { condition: '鍵を直す' } : {}) }
    const { own, href, decide } = await changed(change, more), appealId = await handled(href, 'lee'), before = (await own()).standing
    await decide(change === 'suspended' ? 'reinstated' : 'condition_met', 'tanaka')
    await decide(change, 'tanaka', more)
    expect([(await answer(appealId, 'upheld', 'lee')).status, (await own()).standing]).toEqual([201, before])
  })

  it('withdrawn stays withdrawn when it is not upheld', async () => {
    const { own, href } = await changed('withdrawn')
    await answer(await handled(href, 'lee'), 'rejected', 'lee')
    expect((await own()).standing).toBe('withdrawn')
  })

  it('lifts nothing that was decided later: a withdrawal stays when the suspension before it was found wrong', async () => {
    const { own, href, decide } = await changed('suspended', { until: '2027-05-24' })
    const appealId = await handled(href, 'lee')
    await decide('withdrawn', 'tanaka')
    expect([(await answer(appealId, 'upheld', 'lee')).status, (await own()).standing, (await as('yamada').get(`/appeals/${appealId}`)).body.state]).toEqual([201, 'withdrawn', 'upheld'])
  })
})

describe('an appeal against a grade', () => {
  async function graded() {
    clock.now = begun
    const id = await awaiting()
    await speaksFor(id)
    const [finding] = await asIfEarlierFinding(id)
    await sql.begin(async tx => {
      await tx.unsafe('alter table applications disable trigger user')
      await tx`update applications set stage = 'correcting' where id = ${id}`
      for (const { name } of await tx`select tgname as name from pg_trigger where tgrelid = 'applications'::regclass and not tgisinternal`) await tx.unsafe(`alter table applications enable always trigger ${name}`)
    })
    return { id, finding: String(finding?.id) }
  }
  async function asIfEarlierFinding(id: string) {
    await asIfEarlier(sql, 'findings', () => db.insert(findings).values({ applicationId: id, criterion: 'RE-05.1', criterionVersion: '1', grade: 'major', statement: '残業の割増が足りない', raisedBy: idOf('sato'), raisedAt: clock.now }))
    return sql`select id from findings where application_id = ${id}`
  }

  it('puts a milder one in its place, with the clock of its grade, and keeps the old one', async () => {
    const { id, finding } = await graded()
    const { appeal } = (await as('yamada').get(`/findings/${finding}`)).body
    const appealId = await handled(appeal.href)
    expect((await as('kobayashi').get(`/appeals/${appealId}`)).body.grades).toEqual(['minor', 'observation'])
    expect([(await answer(appealId, 'upheld')).body, (await answer(appealId, 'upheld', 'kobayashi', { newGrade: 'zero_tolerance' })).body].map(({ code, missing }) => [code, missing])).toEqual([['needs', ['milder_grade']], ['needs', ['milder_grade']]])
    clock.now = new Date(begun.getTime() + 10 * day_ms)
    expect((await answer(appealId, 'upheld', 'kobayashi', { newGrade: 'minor' })).status).toBe(201)
    const { body: { findings: current, superseded } } = await as('yamada').get(`/applications/${id}/findings`)
    expect([current.map(({ grade }: { grade: string }) => grade), superseded.map(({ grade }: { grade: string }) => grade), (await sql`select to_char(plan_due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') as plan_due from findings where supersedes = ${finding}`)[0]?.plan_due]).toEqual([['minor'], ['major'], '2027-01-03T14:59:59'])
    clock.now = begun
  })
})
