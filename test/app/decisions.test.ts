import { describe, expect, it } from 'vitest'
import { assignments } from '../../schema/assessments.ts'
import { findings } from '../../schema/findings.ts'
import { newId } from '../../schema/shared.ts'
import type { CastName } from '../../scripts/seed.ts'
import { asIfEarlier } from '../support/as-if.ts'
import { countQueries } from '../support/queries.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, idOf, mails, runJobs, clock, world } = theatre
const { db, sql } = world.database
const { awaiting, decisionOn, stageOf, employerOf, anotherEmployer } = sealedFilesOn(theatre)
const at = (id: string) => `/applications/${id}/decision`
const decide = async (who: CastName, id: string, change: Record<string, unknown> = {}, outcome: 'certify' | 'refuse' = 'certify') =>
  as(who).post(at(id), { ...await decisionOn(id, outcome), ...change })
const adviserOf = (id: string, who: CastName) => db.insert(assignments).values({ applicationId: id, personId: idOf(who), part: 'adviser', assignedBy: idOf('suzuki'), endedAt: clock.now })
const breaches = (id: string) => sql`select operation, actor_id, after from journal where application_id = ${id} and operation like '%.refused' order by id`

describe('the independent decision', () => {
  it('lets Tanaka certify what Sato assessed, and binds the decision to the file that was read', async () => {
    const id = await awaiting()
    const page = (await as('tanaka').get(at(id))).body
    const answer = await decide('tanaka', id, { dossierSha256: page.dossier.sha256 })
    expect([answer.status, answer.body.outcome, (await stageOf(id))?.stage]).toEqual([201, 'certify', 'certified'])
    const [row] = await sql`select outcome, decided_by, dossier_sha256 from decisions where application_id = ${id}`
    expect(row).toEqual({ outcome: 'certify', decided_by: idOf('tanaka'), dossier_sha256: page.dossier.sha256 })
  })

  it('refuses a person who once advised the employer, and keeps the attempt on record', async () => {
    const id = await awaiting()
    await adviserOf(id, 'tanaka')
    const answer = await decide('tanaka', id)
    expect([answer.status, answer.body.code, (await stageOf(id))?.stage]).toEqual([403, 'not_independent', 'awaiting_decision'])
    expect(await breaches(id)).toEqual([{ operation: 'applications.certify.refused', actor_id: idOf('tanaka'), after: { refused: 'not_independent', missing: ['independent_decider'] } }])
    expect((await sql`select count(*)::int as decisions from decisions where application_id = ${id}`)[0]).toEqual({ decisions: 0 })
  })

  it('shows that person nothing of the file, and records that they tried', async () => {
    const id = await awaiting()
    expect((await as('tanaka').page(at(id))).text).toContain('基準に適合していると考えます。')
    await adviserOf(id, 'tanaka')
    const answer = await as('tanaka').page(at(id))
    expect([answer.status, answer.text.includes('基準に適合していると考えます。')]).toEqual([403, false])
    expect(await breaches(id)).toEqual([{ operation: 'decisions.open.refused', actor_id: idOf('tanaka'), after: { refused: 'not_independent', missing: ['adviser'] } }])
  })

  it('keeps every other page of the case from that person too, and every file in it', async () => {
    const id = await awaiting()
    const [file] = await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, scan, uploaded_by)
      select ${newId()}, employer_id, id, 'evidence', ${newId()}, '台帳.pdf', 3, ${'a'.repeat(64)}, 'application/pdf', 'clean', ${idOf('yamada')} from applications where id = ${id} returning id`
    const pages = [`/applications/${id}`, `/applications/${id}/answers`, `/applications/${id}/answers/RE-01.1`, `/applications/${id}/evidence`, `/applications/${id}/findings`, `/applications/${id}/visit`]
    const seen = async (urls: string[]) => Promise.all(urls.map(async url => (await as('tanaka').get(url)).status))
    expect(await seen(pages)).toEqual(pages.map(() => 200))
    await adviserOf(id, 'tanaka')
    expect(await seen([...pages, `/documents/${file?.id}`])).toEqual([...pages, 'file'].map(() => 404))
  })

  it('leaves the case out of that person’s list, and in everybody else’s', async () => {
    const id = await awaiting()
    await adviserOf(id, 'tanaka')
    const listed = async (who: CastName) => (await as(who).get('/decisions')).body.awaiting.map((row: { application: { id: string } }) => row.application.id).includes(id)
    expect([await listed('tanaka'), await listed('kobayashi')]).toEqual([false, true])
  })

  it('is refused by the database itself when a part comes to light between check and insert', async () => {
    const id = await awaiting()
    await sql.unsafe(`create function slip_in() returns trigger language plpgsql as $$ begin
      insert into assignments (id, application_id, person_id, part, assigned_by, assigned_at) values ('${newId()}', new.application_id, new.decided_by, 'interpreter', '${idOf('suzuki')}', now());
      return new; end $$; create trigger a_slip_in before insert on decisions for each row execute function slip_in()`)
    const answer = await decide('kobayashi', id)
    await sql.unsafe('drop trigger a_slip_in on decisions; drop function slip_in()')
    expect([answer.status, answer.body.code, (await stageOf(id))?.stage]).toEqual([403, 'not_independent', 'awaiting_decision'])
    expect((await breaches(id)).map(({ operation }) => operation)).toEqual(['applications.certify.refused'])
  })

  it('is made by exactly one of two people who decide at the same moment', async () => {
    const id = await awaiting()
    const [one, other] = await Promise.all([decide('tanaka', id), decide('kobayashi', id, {}, 'refuse')])
    expect([one.status, other.status].toSorted()).toEqual([201, 409])
    expect([one, other].find(({ status }) => status === 409)?.body.code).toBe('already_decided')
    expect((await sql`select count(*)::int as decisions from decisions where application_id = ${id}`)[0]).toEqual({ decisions: 1 })
  })

  it('is made once when the button is pressed twice', async () => {
    const id = await awaiting()
    const body = await decisionOn(id)
    const [first, second] = await Promise.all([as('tanaka').post(at(id), body), as('tanaka').post(at(id), body)])
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body])
  })

  it.each([['another file than this one was read', { dossierSha256: '0'.repeat(64) }, 409, 'stale'], ['the page is older than the case', { version: 1 }, 409, 'stale'],
    ['no file was read', { dossierSha256: undefined }, 422, 'invalid'], ['there are no reasons', { reasons: '  ' }, 422, 'invalid'], ['reasons hold a NUL', { reasons: 'a\u0000b' }, 422, 'invalid'], ['the outcome is made up', { outcome: 'postpone' }, 422, 'invalid']])(
    'is not made when %s', async (_, change, status, code) => {
      const id = await awaiting()
      const answer = await decide('tanaka', id, change)
      expect([answer.status, answer.body.code, (await stageOf(id))?.stage]).toEqual([status, code, 'awaiting_decision'])
    })

  it.each([['an open major finding', 'no_blocking_findings'], ['undisclosed fees', 'fee_gate'], ['workers who agreed and were not heard', 'voice_gate']])(
    'cannot certify over %s, and can refuse', async (_, gate) => {
      const id = await awaiting(gate === 'fee_gate' ? { fees: 'undisclosed_or_unplanned' } : gate === 'voice_gate' ? { agreed: 6 } : {})
      const major = { applicationId: id, criterion: 'RE-05.1', criterionVersion: '1', grade: 'major', statement: '残業の割増が足りない', raisedBy: idOf('sato') } as const
      if (gate === 'no_blocking_findings') await asIfEarlier(sql, 'findings', () => db.insert(findings).values(major))
      const shown = (await as('tanaka').get(at(id))).body
      const answer = await decide('tanaka', id)
      expect([answer.status, answer.body.code, answer.body.missing, shown.missing]).toEqual([409, 'needs', [gate], [gate]])
      expect((await decide('tanaka', id, {}, 'refuse')).status).toBe(201)
    })

  it('gives the one who types a wrong form everything back', async () => {
    const id = await awaiting()
    const answer = await as('tanaka').submit(at(id), { outcome: 'refuse', reasons: '', version: '6' })
    expect([answer.status, answer.text.includes('id="errors"'), /value="refuse"[^>]* checked/.test(answer.text)]).toEqual([422, true, true])
  })

  it.each<[CastName, number]>([['yamada', 403], ['suzuki', 403], ['sato', 403], ['outsider', 403]])('is not for %s', async (who, status) => {
    const id = await awaiting()
    expect((await decide(who, id)).status).toBe(status)
  })
})

describe('the file', () => {
  it('has one hash from the recommendation on, a line of the log tells it, and a document that comes later changes nothing but what came since', async () => {
    const id = await awaiting()
    const seen = async (who: CastName) => (await as(who).get(at(id))).body.dossier
    const first = await seen('tanaka'), [line] = await sql`select body::json->>'dossier' as dossier from log_entries where seq = ${first.seal.logSeq}`
    expect([line?.dossier, first.seal.since, first.seal.altered, first.seal.parts > 60]).toEqual([first.sha256, [], [], true])
    await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, scan, uploaded_by)
      select ${newId()}, employer_id, id, 'evidence', ${newId()}, '遅れて届いた台帳.pdf', 3, ${'a'.repeat(64)}, 'application/pdf', 'clean', ${idOf('yamada')} from applications where id = ${id}`
    const second = await seen('kobayashi')
    expect([second.sha256, second.seal.since, second.seal.altered]).toEqual([first.sha256, [{ kind: 'documents', about: '遅れて届いた台帳.pdf', change: 'added' }], []])
    expect((await as('tanaka').page(at(id), 'en')).text).toContain('遅れて届いた台帳.pdf')
    expect((await decide('tanaka', id, { dossierSha256: first.sha256 })).status).toBe(201)
  })

  it.each(['certify', 'refuse'] as const)('that was altered behind everybody’s back is named to the decider, who cannot %s on it', async outcome => {
    const id = await awaiting()
    await asIfEarlier(sql, 'ratings', () => sql`update ratings set note = 'もう一言', version = version + 1 where application_id = ${id} and criterion = 'RE-01.1'`)
    const page = (await as('tanaka').get(at(id))).body, text = (await as('tanaka').page(at(id), 'en')).text, answer = await decide('tanaka', id, {}, outcome)
    expect([page.dossier.seal.altered, page.missing, text.includes('Rating RE-01.1 · changed')]).toEqual([[{ kind: 'ratings', about: 'RE-01.1', change: 'changed' }], ['dossier_sealed'], true])
    expect([answer.status, answer.body.code, answer.body.missing, (await stageOf(id))?.stage]).toEqual([409, 'needs', ['dossier_sealed'], 'awaiting_decision'])
  })

  it('tells what became of the assessor’s earlier recommendations, and what is open', async () => {
    const { dossier: before } = (await as('tanaka').get(at(await awaiting()))).body
    await decide('tanaka', await awaiting(), {}, 'refuse')
    const id = await awaiting({ exclusions: '夜勤は見ていない。' })
    const { dossier: after } = (await as('tanaka').get(at(id))).body, [one] = before.parts, [other] = after.parts
    expect(other.record).toEqual({ recommended: one.record.recommended + 1, followed: one.record.followed, overturned: one.record.overturned })
    expect([after.open, (await as('tanaka').page(at(id))).text.includes('夜勤は見ていない。')]).toEqual([[], true])
  })

  it('lays out ratings by section, the gates, the recommendation and who took which part', async () => {
    const id = await awaiting({ rated: { 'RE-01.1': 'minor' } }), { dossier } = (await as('tanaka').get(at(id))).body, { conforms } = dossier.sections[0].counts
    expect((await as('tanaka').page(at(id))).text).toContain(`<rect class="bar--good" width="${conforms}" height="1"/><g transform="translate(${conforms})"><rect class="bar--attention" width="1"`)
    expect(dossier.sections[0]).toMatchObject({ id: 'S01', counts: { minor: 1, major: 0, zero_tolerance: 0, not_applicable: 0 } })
    expect(dossier.gates).toEqual([{ gate: 'no_blocking_findings', passed: true }, { gate: 'voice_gate', passed: true }, { gate: 'fee_gate', passed: true }])
    expect(dossier.recommendation).toMatchObject({ outcome: 'certify', summary: '基準に適合していると考えます。', writtenBy: '佐藤 誠' })
    expect(dossier.parts).toEqual([{ name: '佐藤 誠', organisation: '佐藤社会保険労務士事務所', parts: ['auditor', 'desk_reviewer'], record: expect.objectContaining({ overturned: 0 }), calibration: { pairs: 0, kappa: null } }])
    expect((await as('tanaka').page(at(id))).text).toContain('二重評価はまだありません')
  })

  it('stays closed to the employer, who sees the outcome once there is one', async () => {
    const employerId = await employerOf('yamada')
    const id = await awaiting({ employerId })
    const before = await as('yamada').get(at(id))
    await decide('tanaka', id, { reasons: '割増賃金の不足が続いている。' }, 'refuse')
    const after = await as('yamada').get(at(id))
    expect([before.status, after.status, after.body.dossier, after.body.outcome]).toEqual([404, 200, null,
      { outcome: 'refuse', reasons: '割増賃金の不足が続いている。', decidedAt: clock.now.toISOString(), decidedBy: null, dossierSha256: expect.stringMatching(/^[0-9a-f]{64}$/), appealUntil: '2026-12-24', condition: null, setAside: false, appeal: { id: null, href: expect.stringMatching(/^\/appeals\/against\/decision\//), until: '2026-12-24T14:59:59.999Z' } }])
    expect((await as('outsider').get(at(id))).status).toBe(404)
    expect((await as('yamada').get(`/applications/${id}`)).body.doors.map(({ href }: { href: string }) => href)).toContain(at(id))
    const page = await as('yamada').page(at(id), 'en')
    expect([page.status, page.text.includes('You may appeal until 24 December 2026')]).toEqual([200, true])
  })
})

describe('a refusal', () => {
  it('is mailed with its reasons and the way to appeal within 30 days', async () => {
    const id = await awaiting({ employerId: await employerOf('outsider') })
    mails.length = 0
    await decide('tanaka', id, { reasons: '寮の消火設備がない。' }, 'refuse')
    await runJobs()
    const [mail] = mails.filter(({ to }) => to === 'mori@mori-shokuhin.example')
    expect([mail?.text.includes('寮の消火設備がない。'), mail?.text.includes('30日以内に不服'), (await sql`select count(*)::int as certificates from certificates where application_id = ${id}`)[0]]).toEqual([true, true, { certificates: 0 }])
  })

  it.each([['ja', '認証しないことに決まりました', '30日以内に不服を申し立てられます'], ['en', 'Certification was refused', 'appeal within 30 days']] as const)('speaks %s to a client who reads it, and its link leads to where an appeal can be filed', async (locale, says, way) => {
    const id = await awaiting({ employerId: await employerOf('outsider') })
    await sql`update people set locale = ${locale} where id = ${idOf('outsider')}`
    mails.length = 0
    await decide('tanaka', id, { reasons: '寮の消火設備がない。' }, 'refuse')
    await runJobs()
    const mail = mails.find(({ to }) => to === 'mori@mori-shokuhin.example'), path = new URL(mail?.text.match(/https?:\S+\/decision/)?.[0] ?? 'http://nowhere').pathname
    const { outcome } = (await as('outsider').get(path)).body
    expect([mail?.text.includes(says), mail?.text.includes(way), mail?.text.includes('寮の消火設備がない。'), path, (await as('outsider').page(path, locale)).text.includes(outcome.appeal.href)]).toEqual([true, true, true, at(id), true])
    expect((await as('outsider').page(outcome.appeal.href, locale)).status).toBe(200)
  })
})

describe('a name that cannot be printed', () => {
  it('stops the decision and names the characters', async () => {
    const id = await awaiting({ employerId: await anotherEmployer('山田😀プレス株式会社') })
    const answer = await decide('tanaka', id)
    expect([answer.status, answer.body.code, answer.body.title.includes('😀'), (await stageOf(id))?.stage]).toEqual([422, 'glyphs_missing', true, 'awaiting_decision'])
    expect((await sql`select count(*)::int as decisions from decisions where application_id = ${id}`)[0]).toEqual({ decisions: 0 })
  })
})

describe('lists', () => {
  it('ask the database as often for many cases as for one', async () => {
    const one = await countQueries(world, () => as('kobayashi').get('/decisions'))
    await awaiting()
    await awaiting()
    expect(await countQueries(world, () => as('kobayashi').get('/decisions'))).toBe(one)
  })

  it('shows a decision maker what they decided, with its certificate', async () => {
    const id = await awaiting()
    const { body: { certificateNumber } } = await decide('kobayashi', id)
    const [latest] = (await as('kobayashi').get('/decisions')).body.decided.filter((row: { application: { id: string } }) => row.application.id === id)
    expect(latest).toMatchObject({ outcome: 'certify', certificate: { number: certificateNumber, issued: false } })
    expect((await as('kobayashi').page('/decisions')).status).toBe(200)
  })
})
