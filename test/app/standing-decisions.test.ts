import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { assignments } from '../../schema/assessments.ts'
import type { CastName } from '../../scripts/seed.ts'
import { reissue } from '../../server/reissues/work.ts'
import { reduceScope } from '../../server/standing-decisions/reduce.ts'
import type { World } from '../../server/world.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { anybody, as, clock, idOf, mails, runJobs, world } = theatre
const { db, sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const idOfNumber = async (number: string) => String((await sql`select id from certificates where number = ${number}`)[0]?.id)
const { id: applicationId, number } = await issued({ employerId: await employerOf('yamada') })
const id = await idOfNumber(number)
const page = async (of = id) => (await as('kobayashi').get(`/certificates/${of}/standing`)).body
const until = '2027-05-24'
const decide = async (change: string, form: object = {}, who: CastName = 'kobayashi', of = id) => as(who).post(`/certificates/${of}/standing`, { change, reasonClass: 'nonconformity', reasons: '現地で確かめた。', until, version: (await page(of)).version, once: randomUUID(), ...form })
const standing = async (of = number) => (await anybody.get(`/c/${of}`)).body.standing
const mailTo = (who: string) => mails.findLast(({ to }) => to === who)
const breaches = () => sql`select actor_id, after from journal where operation = 'standing_decisions.decide.refused' order by id`
mails.length = 0

describe('a standing is decided', () => {
  it('with reasons and an end, by somebody who took no part: page, journal and mail say so', async () => {
    expect((await as('kobayashi').page(`/certificates/${id}/standing`)).text).toContain('審査に加わっていないため、決定できます')
    expect([(await decide('suspended')).status, await standing()]).toEqual([201, 'suspended'])
    await runJobs()
    expect(mailTo('yamada@yamada-press.example')).toMatchObject({ subject: `証書 ${number}：効力が停止されました`, text: expect.stringMatching(/現地で確かめた。[\s\S]*30日以内に不服を申し立て[\s\S]*2027年5月24日/) })
    expect((await page()).history[0]).toMatchObject({ change: 'suspended', reasonClass: 'nonconformity', reasons: '現地で確かめた。', by: '小林 由美', until })
    expect([...await sql`select operation, before, after from journal where subject_id = ${id} and operation like 'standing%'`]).toMatchObject([{ operation: 'standing_decisions.decide', before: { standing: 'certified' }, after: { change: 'suspended', reasonClass: 'nonconformity' } }])
    expect((await as('kobayashi').get('/standings')).body.work).toMatchObject([{ number, why: 'suspended', until }])
    expect((await as('yamada').page('/employer/certificates')).text).toMatch(/マークと証書を使わないでください[\s\S]*現地で確かめた。[\s\S]*30日以内/)
    expect([(await as('yamada').page('/employer/certificates')).text.includes('小林'), JSON.stringify((await as('yamada').get('/employer/certificates')).body).includes('小林')]).toEqual([false, false])
  })

  it('never by who assessed or screened, and the attempt stays on record; the certificate is not there for them', async () => {
    await sql`update people set staff_roles = '{assessor,decision_maker}' where id = ${idOf('sato')}`
    const answer = await decide('reinstated', {}, 'sato')
    expect([answer.status, answer.body.code, await standing()]).toEqual([403, 'not_independent', 'suspended'])
    expect([...await breaches()]).toMatchObject([{ actor_id: idOf('sato'), after: { refused: 'not_independent' } }])
    expect([(await as('sato').get(`/certificates/${id}/standing`)).status, (await as('sato').get('/standings')).body.work, (await as('sato').get(`/standings?q=${encodeURIComponent('山田')}`)).body.found, (await as('kobayashi').get(`/standings?q=${encodeURIComponent('山田')}`)).body.found.length]).toEqual([404, [], [], 1])
    await sql`update people set staff_roles = '{assessor}' where id = ${idOf('sato')}`
  })

  it('not by whoever’s part comes to light between our check and the row: Postgres refuses, and that is on record too', async () => {
    await sql.unsafe(`create function slip_in() returns trigger language plpgsql as $$ begin
      insert into assignments (id, application_id, person_id, part, assigned_by, assigned_at) values ('${randomUUID()}', '${applicationId}', new.decided_by, 'interpreter', '${idOf('suzuki')}', now()); return new; end $$;
      create trigger a_part_slips_in before insert on standing_decisions for each row execute function slip_in()`)
    await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('lee')}`
    const answer = await decide('reinstated', {}, 'lee')
    await sql`update people set staff_roles = '{assessor}' where id = ${idOf('lee')}`
    await sql.unsafe('drop trigger a_part_slips_in on standing_decisions')
    expect([answer.status, answer.body.code, await standing(), (await breaches()).at(-1)?.actor_id]).toEqual([403, 'not_independent', 'suspended', idOf('lee')])
    expect((await sql`select 1 from assignments where part = 'interpreter'`).length).toBe(0)
  })

  it('nor by an operator, an assessor, a buyer or the holder', async () => {
    for (const who of ['suzuki', 'lee', 'minato', 'yamada'] as const) expect([who, (await as(who).get('/standings')).status, (await decide('reinstated', {}, who)).status]).toEqual([who, 403, 403])
  })

  it.each([['withdrawn', { reasons: ' ' }, 422], ['withdrawn', { reasonClass: '' }, 409], ['condition_set', {}, 409], ['nonsense', {}, 422], ['reinstated', { version: 0 }, 409], ['surrendered', {}, 422], ['reinstated', { until: '2027-02-30' }, 422]])('not %s with %j', async (change, form, status) => {
    expect([(await decide(change, form)).status, await standing()]).toEqual([status, 'suspended'])
  })

  it('once: of two who decide at the same moment, and of one form sent twice', async () => {
    const { version } = await page(), once = randomUUID()
    const both = await Promise.all([decide('reinstated', { version }), decide('reinstated', { version }, 'tanaka')])
    expect([both.map(({ status }) => status).toSorted(), await standing()]).toEqual([[201, 409], 'certified'])
    const next = (await page()).version
    const twice = [await decide('suspended', { version: next, once }), await decide('suspended', { version: next, once })]
    expect([twice.map(({ status }) => status), twice[0]?.body.decisionId === twice[1]?.body.decisionId, (await page()).history.filter(({ change }: { change: string }) => change === 'suspended').length]).toEqual([[201, 201], true, 2])
  })

  it.each([['', ['until_day']], ['2026-11-24', ['until_day']], ['2027-05-25', ['until_day']]])('no suspension until “%s”', async (day, missing) => {
    const one = await issued(), of = await idOfNumber(one.number)
    const { status, body } = await decide('suspended', { until: day }, 'kobayashi', of)
    expect([status, body.missing, await standing(one.number)]).toEqual([409, missing, 'certified'])
  })

  it('is given back by the holder alone, who types its number; nothing follows an end', async () => {
    const other = await issued({ nameJa: '別の会社' }), otherId = await idOfNumber(other.number)
    expect((await as('yamada').post(`/employer/certificates/${otherId}/surrender`, { number: other.number })).status).toBe(404)
    expect([(await as('yamada').post(`/employer/certificates/${id}/surrender`, { number: 'RE-JP' })).status, await standing()]).toEqual([400, 'suspended'])
    expect((await as('yamada').page('/employer/certificates')).text).toMatch(/証書を返上する[\s\S]*この操作は取り消せません/)
    expect((await as('yamada').post(`/employer/certificates/${id}/surrender`, { number })).status).toBe(201)
    expect([await standing(), (await decide('reinstated')).status, (await as('yamada').post(`/employer/certificates/${id}/surrender`, { number })).status]).toEqual(['surrendered', 409, 409])
    await runJobs()
    expect(mailTo('yamada@yamada-press.example')?.subject).toBe(`証書 ${number}：証書が返上されました`)
  })
})

describe('a condition', () => {
  it('is set with its words and its day, stays open behind a reduced scope, and is met once', async () => {
    const one = await issued(), of = await idOfNumber(one.number)
    expect((await decide('condition_set', { condition: ' ' }, 'kobayashi', of)).body.missing).toEqual(['condition_text'])
    expect([(await decide('condition_set', { condition: '寮の鍵を直す' }, 'kobayashi', of)).status, await standing(one.number)]).toEqual([201, 'certified_with_condition'])
    expect((await page(of)).history[0]).toMatchObject({ change: 'condition_set', condition: '寮の鍵を直す', until })
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, actor) values (${randomUUID()}, ${of}, 'scope_reduced', '2026-11-24', 'clock')`
    expect([await standing(one.number), (await page(of)).choices.includes('condition_set'), (await decide('condition_met', {}, 'kobayashi', of)).status, (await decide('condition_met', {}, 'kobayashi', of)).status]).toEqual(['scope_reduced', false, 201, 409])
  })
})

describe('a reduced scope', () => {
  const withSites = async () => {
    const one = await issued(), of = await idOfNumber(one.number)
    await sql.unsafe('alter table certificate_files disable trigger user')
    await sql`update certificate_files set statement = jsonb_set(statement, '{sites}', statement->'sites' || '[{"kind":"workplace","nameJa":"第二工場","addressJa":"愛知県豊田市見本2"},{"kind":"housing","nameJa":"寮","addressJa":"愛知県豊田市見本3"}]') where certificate_id = ${of}`
    for (const { name } of await sql`select tgname as name from pg_trigger where tgrelid = 'certificate_files'::regclass and not tgisinternal`) await sql.unsafe(`alter table certificate_files enable always trigger ${name}`)
    return { ...one, of }
  }
  const siteNames = async (of: string) => (await anybody.get(`/c/${of}`)).body.sites.map(({ nameJa }: { nameJa: string }) => nameJa)
  const editions = async (of: string) => (await sql`select edition, event from certificate_events where certificate_id = ${of} and edition is not null order by log_seq`).map(({ edition, event }) => `${edition} ${event}`)

  it('names the sites that leave, leaves a workplace, and comes to one edition without them, however often its job runs', async () => {
    const { number: reduced, of } = await withSites()
    expect([await siteNames(reduced), (await page(of)).sites.length]).toEqual([['本社', '第二工場', '寮'], 3])
    for (const sites of [[], ['7'], ['0', '1']]) expect((await decide('scope_reduced', { sites }, 'kobayashi', of)).body.missing).toEqual(['sites_leaving'])
    expect((await decide('scope_reduced', { sites: ['1'] }, 'kobayashi', of)).status).toBe(201)
    expect((await page(of)).history[0].sitesRemoved).toEqual([{ kind: 'workplace', nameJa: '第二工場', addressJa: '愛知県豊田市見本2' }])
    await Promise.all([reduceScope(world, of), reduceScope(world, of)])
    await runJobs()
    expect([await siteNames(reduced), await editions(of), await standing(reduced), (await anybody.get(`/c/${reduced}`)).body.edition]).toEqual([['本社', '寮'], ['1 issued', '2 reissued'], 'scope_reduced', 2])
    expect((await decide('scope_reduced', { sites: ['1'] }, 'kobayashi', of)).status).toBe(201) // further
    await runJobs()
    expect([await siteNames(reduced), await editions(of)]).toEqual([['本社'], ['1 issued', '2 reissued', '3 reissued']])
  })

  it('dies on the way and is repeated; meets an order to issue again; and makes no file of what has ended', async () => {
    const { number: reduced, of } = await withSites()
    await decide('scope_reduced', { sites: ['2'] }, 'kobayashi', of)
    const dying = { ...world, documents: { ...world.documents, put: async () => { throw new Error('the store dies') } } } as World
    await expect(reduceScope(dying, of)).rejects.toThrow('the store dies')
    expect(await siteNames(reduced)).toContain('寮')
    expect((await as('suzuki').post('/reissues', { reason: '発行者の住所が変わったため', once: randomUUID() })).status).toBe(201)
    await runJobs()
    await reduceScope(world, of)
    const after = await editions(of)
    expect([await siteNames(reduced), after.length]).toEqual([['本社', '第二工場'], 3]) // one of the order, one of the reduction
    await decide('scope_reduced', { sites: ['1'] }, 'kobayashi', of)
    await decide('withdrawn', {}, 'kobayashi', of)
    await runJobs()
    expect([await standing(reduced), await editions(of)]).toEqual(['withdrawn', after])
  })

  // What happens in the middle of the sealing, once: just before the bytes are stored.
  const meanwhile = (happens: () => Promise<unknown>): World => {
    let first = true
    return { ...world, documents: { ...world.documents, put: async (...of: Parameters<World['documents']['put']>) => { if (first) { first = false; await happens() } return world.documents.put(...of) } } }
  }

  it('is overtaken, while it is sealed, by an edition that still names the site: the next one does not', async () => {
    const { number: reduced, of } = await withSites()
    await decide('scope_reduced', { sites: ['2'] }, 'kobayashi', of)
    await reduceScope(meanwhile(async () => reissue(world, (await as('suzuki').post('/reissues', { reason: '発行者の住所が変わったため', once: randomUUID() })).body.reissueId)), of)
    expect([await siteNames(reduced), await editions(of)]).toEqual([['本社', '第二工場'], ['1 issued', '2 reissued', '3 reissued']])
  })

  it('is withdrawn while it is sealed: no edition, and no bytes are left', async () => {
    const { number: reduced, of } = await withSites()
    const stored = async () => {
      let count = 0
      for await (const _ of world.documents.list()) count += 1
      return count
    }
    await decide('scope_reduced', { sites: ['2'] }, 'kobayashi', of)
    const before = await stored()
    await reduceScope(meanwhile(() => decide('withdrawn', {}, 'kobayashi', of)), of)
    expect([await standing(reduced), await editions(of), await stored()]).toEqual(['withdrawn', ['1 issued'], before])
  })
})

describe('the worklist', () => {
  it('puts what presses most first, and is blind to whoever took part', async () => {
    const names = ['一', '二', '三'], [over, ending, fresh] = await Promise.all([0, 1, 2].map(async nth => idOfNumber((await issued({ nameJa: `${names[nth]}の会社` })).number))) as [string, string, string]
    await decide('suspended', { until: '2026-12-01' }, 'kobayashi', over)
    await decide('suspended', { until: '2026-12-20' }, 'kobayashi', ending)
    await decide('suspended', {}, 'kobayashi', fresh)
    clock.now = new Date('2026-12-01T15:00:00Z') // the 2nd in Japan
    const work = async (who: CastName) => (await as(who).get('/standings')).body.work.filter((one: { certificateId: string }) => [over, ending, fresh].includes(one.certificateId)).map(({ why }: { why: string }) => why)
    expect(await work('kobayashi')).toEqual(['suspension_over', 'suspension_ending', 'suspended'])
    const [row] = await sql`select application_id from certificates where id = ${over}`
    await db.insert(assignments).values({ applicationId: String(row?.application_id), personId: idOf('lee'), part: 'adviser', assignedBy: idOf('suzuki'), endedAt: clock.now })
    await sql`update people set staff_roles = '{decision_maker}' where id = ${idOf('lee')}`
    expect([await work('lee'), await work('tanaka'), await standing(String((await sql`select number from certificates where id = ${over}`)[0]?.number))]).toEqual([['suspension_ending', 'suspended'], ['suspension_over', 'suspension_ending', 'suspended'], 'suspended'])
  })
})
