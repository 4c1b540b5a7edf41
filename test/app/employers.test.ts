import { describe, expect, it } from 'vitest'
import { corporateCheckDigit } from '../../server/domain/corporate-number.ts'
import { membersOf, missingFromProfile, scopeOf } from '../../server/employers/queries.ts'
import { origin, stage } from '../support/world.ts'

const { app, as, anybody, world, mails, runJobs, idOf } = await stage()
const { db, sql } = world.database

const company = {
  nameJa: '新星金属株式会社', nameKana: 'シンセイキンゾク', nameLatin: 'Shinsei Metals K.K.', prefecture: '大阪府', addressJa: '大阪府東大阪市見本1', industry: 'fabricated_metal', workers: '９',
  representative: '代表取締役 新星 一', phone: '06-0000-0000',
}
const numberOf = (base: string) => `${corporateCheckDigit(base)}${base}`
const employerOf = async (who: 'yamada' | 'outsider') => (await sql`select employer_id from memberships where person_id = ${idOf(who)}`)[0]?.employer_id as string
const versionOf = async (who: 'yamada' | 'outsider') => (await as(who).get('/employer')).body.version as number

/** Somebody who signs in for the first time, by a mailed code. */
async function newcomer(email: string) {
  mails.length = 0
  const { body: { signInId } } = await anybody.post('/sign-in', { email })
  await runJobs()
  const { headers } = await anybody.post('/sign-in/code', { signInId, code: /\b\d{6}\b/.exec(mails[0]?.text ?? '')?.[0] })
  const cookie = String([headers['set-cookie']].flat().find(line => String(line).startsWith('akashi_session'))).split(';')[0]
  const send = (method: 'GET' | 'POST') => async (url: string, body?: object) => {
    const reply = await app.inject({ method, url, headers: { host: 'akashi.test', origin, cookie: cookie ?? '', accept: 'application/json' }, ...(body ? { payload: body } : {}) })
    return { status: reply.statusCode, body: reply.json() }
  }
  return { get: send('GET'), post: send('POST') }
}

describe('a company that is new here', () => {
  it('begins with an empty page that names everything it needs', async () => {
    const { get } = await newcomer('first@shinsei.example')
    const { status, body } = await get('/employer')
    expect([status, body.known, body.present, body.missing]).toEqual([200, false, 0,
      ['nameJa', 'nameKana', 'nameLatin', 'corporateNumber', 'prefecture', 'addressJa', 'industry', 'workers', 'workplace', 'foreignWorkers']])
  })

  it('comes into being with the first save, and its founder belongs to it', async () => {
    const { get, post } = await newcomer('founder@shinsei.example')
    const saved = await post('/employer', { ...company, corporateNumber: numberOf('120001234567') })
    const { body } = await get('/employer')
    expect([saved.status, body.known, body.company.workers, body.missing]).toEqual([201, true, 9, ['workplace', 'foreignWorkers']])
    expect((await membersOf(db, saved.body.employerId)).map(({ email }) => email)).toEqual(['founder@shinsei.example'])
  })

  it('may save its name alone and go on tomorrow', async () => {
    const { get, post } = await newcomer('slow@shinsei.example')
    const saved = await post('/employer', { nameJa: 'あとから株式会社' })
    expect([saved.status, (await get('/employer')).body.company.corporateNumber]).toEqual([201, ''])
  })

  it('is made once when the first save arrives twice at the same time', async () => {
    const { post } = await newcomer('twice@shinsei.example')
    const answers = await Promise.all([post('/employer', { nameJa: '二度押し' }), post('/employer', { nameJa: '二度押し' })])
    const [row] = await sql`select count(*)::int as made from employers where name_ja = '二度押し'`
    expect([answers.map(({ status }) => status).sort(), row?.made]).toEqual([[201, 409], 1])
  })

  it('is asked for its name before a workplace can be added', async () => {
    const { post } = await newcomer('eager@shinsei.example')
    const { status, body } = await post('/employer/sites', { kind: 'workplace', nameJa: '工場', addressJa: '大阪', people: 1 })
    expect([status, body.code, body.missing]).toEqual([409, 'needs', ['profile_complete']])
  })
})

describe('the corporate number', () => {
  const save = async (corporateNumber: string) => as('yamada').post('/employer', { ...company, nameJa: '山田プレス工業株式会社', corporateNumber, version: await versionOf('yamada') })

  it.each([['４０１２３０１００００１３', 'full width'], ['T4012301000013', 'as an invoice number'], ['4-0123-0100-0013', 'in groups']])('%s is read (%s)', async typed => {
    const { status } = await save(typed)
    expect([status, (await as('yamada').get('/employer')).body.company.corporateNumber]).toEqual([201, '4012301000013'])
  })

  it('says "mistyped" when two digits changed places', async () => {
    const { status, body } = await save('4012301000031')
    expect([status, body.errors]).toEqual([422, [{ field: 'corporateNumber', message: expect.stringContaining('打ちまちがい') }]])
  })

  it('says "13 digits" when it is something else', async () => {
    const { status, body } = await save('12345')
    expect([status, body.errors]).toEqual([422, [{ field: 'corporateNumber', message: expect.stringContaining('13桁') }]])
  })

  it('belongs to one company: another one is refused and its page keeps what was typed', async () => {
    const version = String(await versionOf('yamada'))
    const { status, text } = await as('yamada').submit('/employer', { ...company, nameJa: '打ち込んだ社名', corporateNumber: '1180301012345', version, form: 'company' })
    expect([status, text.includes('すでに登録'), text.includes('打ち込んだ社名'), text.includes('value="1180301012345"')]).toEqual([409, true, true, true])
    expect((await as('yamada').get('/employer')).body.company.nameJa).toBe('山田プレス工業株式会社')
  })
})

describe('what is typed into the company form', () => {
  const kept = async () => (await as('yamada').get('/employer')).body.company
  const bad = [
    ['nameJa', ''], ['nameJa', '   '], ['nameJa', 'あ'.repeat(101)], ['nameJa', 'nul\0'], ['nameJa', 'lone \ud800'], ['nameJa', 'turned \u202e around'],
    ['nameKana', '漢字'], ['nameLatin', '山田'], ['prefecture', '東京'], ['industry', 'piracy'], ['workers', '-1'], ['workers', '1.5'], ['workers', '１００００００１'], ['addressJa', 'x'.repeat(201)],
  ] as const

  it.each(bad)('is refused when %s is %j, and nothing changes', async (field, value) => {
    const untouched = await kept()
    const { status, body } = await as('yamada').post('/employer', { ...company, [field]: value, version: await versionOf('yamada') })
    expect([status, body.errors.map((error: { field: string }) => error.field), await kept()]).toEqual([422, [field], untouched])
  })

  it('keeps rare kanji, emoji and markup as typed and shows them harmlessly', async () => {
    const nameJa = '<script>髙﨑𠮷🏭</script>'
    await as('outsider').post('/employer', { ...company, nameJa, version: await versionOf('outsider') })
    const { text } = await as('outsider').page('/employer')
    expect([(await as('outsider').get('/employer')).body.company.nameJa, text.includes('<script>髙'), text.includes('&lt;script&gt;髙﨑𠮷🏭')]).toEqual([nameJa, false, true])
  })

  it('is told as stale when a colleague saved first', async () => {
    const version = await versionOf('yamada')
    const first = await as('yamada').post('/employer', { ...company, nameJa: '先の保存', version })
    const second = await as('yamada').post('/employer', { ...company, nameJa: '後の保存', version })
    expect([first.status, second.status, second.body.code, (await kept()).nameJa]).toEqual([201, 409, 'stale', '先の保存'])
  })

  it('comes back in the form with the error beside the field', async () => {
    const { status, text } = await as('yamada').submit('/employer', { ...company, nameKana: '漢字', version: '0', form: 'company' })
    expect([status, text.includes('href="#field-company-nameKana"'), text.includes('value="漢字"')]).toEqual([422, true, true])
  })
})

describe('workplaces, housing and people', () => {
  it('are added, counted and told as the scope of the company', async () => {
    const employerId = await employerOf('yamada')
    const before = await scopeOf(db, employerId)
    await as('yamada').post('/employer/sites', { kind: 'housing', nameJa: '第二寮', addressJa: '神奈川県厚木市見本7', people: '２' })
    await as('yamada').post('/employer/populations', { nationality: 'NP', residenceStatus: 'student', people: 1 })
    const after = await scopeOf(db, employerId)
    expect([after.sites.length, after.sites.at(-1), after.foreignWorkers]).toEqual([before.sites.length + 1, { id: expect.any(String), kind: 'housing', nameJa: '第二寮', addressJa: '神奈川県厚木市見本7', people: 2 }, before.foreignWorkers + 1])
  })

  it('counting the same nationality and status again corrects the number', async () => {
    await as('yamada').post('/employer/populations', { nationality: 'NP', residenceStatus: 'student', people: 4 })
    const rows = (await as('yamada').get('/employer')).body.populations.filter((row: { nationality: string }) => row.nationality === 'NP')
    expect(rows).toMatchObject([{ people: 4, label: 'ネパール / 留学(資格外活動)' }])
  })

  it('has one effect when the same form is sent twice', async () => {
    const body = { kind: 'housing', nameJa: '二重寮', addressJa: '厚木', people: 1, once: '019a0000-0000-7000-8000-00000000e001' }
    const answers = [await as('yamada').post('/employer/sites', body), await as('yamada').post('/employer/sites', body)]
    const [row] = await sql`select count(*)::int as made from employer_sites where name_ja = '二重寮'`
    expect([answers.map(({ status }) => status), answers[0]?.body.id === answers[1]?.body.id, row?.made]).toEqual([[201, 201], true, 1])
  })

  it('knows no skill development employment before April 2027', async () => {
    const { status } = await as('yamada').post('/employer/populations', { nationality: 'VN', residenceStatus: 'skill_development', people: 1 })
    expect(status).toBe(422)
  })

  it.each([['/employer/sites', { kind: 'castle', nameJa: '城', addressJa: '大阪', people: 1 }], ['/employer/sites', { kind: 'workplace', nameJa: '', addressJa: '大阪', people: 1 }],
    ['/employer/populations', { nationality: 'XX', residenceStatus: 'student', people: 1 }], ['/employer/populations', { nationality: 'VN', residenceStatus: 'student', people: 0 }]])('refuses %s %j', async (url, body) => {
    expect((await as('yamada').post(url, body)).status).toBe(422)
  })

  it('of another company cannot be removed', async () => {
    const [site] = (await as('yamada').get('/employer')).body.sites, [population] = (await as('yamada').get('/employer')).body.populations
    const answers = [await as('outsider').post(`/employer/sites/${site.id}/removal`), await as('outsider').post(`/employer/populations/${population.id}/removal`), await as('outsider').post('/employer/sites/nonsense/removal')]
    const after = (await as('yamada').get('/employer')).body
    expect([answers.map(({ status }) => status), after.sites[0].id, after.populations[0].id]).toEqual([[404, 404, 404], site.id, population.id])
  })

  it('missing ones are named until they are there', async () => {
    const employerId = await employerOf('outsider'), places = (await as('outsider').get('/employer')).body
    for (const { id } of places.sites) await as('outsider').post(`/employer/sites/${id}/removal`)
    for (const { id } of places.populations) await as('outsider').post(`/employer/populations/${id}/removal`)
    const without = await missingFromProfile(db, employerId)
    await as('outsider').post('/employer/sites', { kind: 'workplace', nameJa: '工場', addressJa: '愛知', people: 5 })
    await as('outsider').post('/employer/populations', { nationality: 'ID', residenceStatus: 'specified_skilled_1', people: 99 })
    expect([without, await missingFromProfile(db, employerId)]).toEqual([['corporateNumber', 'workplace', 'foreignWorkers'], ['corporateNumber', 'moreForeignThanAll']])
  })
})

describe('the company page', () => {
  it('is nobody else\'s', async () => {
    const answers = [await anybody.get('/employer'), await as('suzuki').get('/employer'), await as('sato').post('/employer', company)]
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 403])
  })

  it.each(['ja', 'en'])('is drawn in %s', async lang => {
    const { status, text } = await as('yamada').page('/employer', lang)
    expect([status, text.includes('class="bars"'), text.includes('name="corporateNumber"')]).toEqual([200, true, true])
  })

  it('tells that it was saved', async () => {
    const answer = await as('yamada').submit('/employer', { ...company, corporateNumber: '4012301000013', version: String(await versionOf('yamada')) })
    const cookie = String([answer.headers['set-cookie']].flat().find(line => String(line).startsWith('flash'))).split(';')[0]
    expect([answer.status, answer.location, cookie]).toEqual([303, '/employer', 'flash=employers.saved'])
  })
})
