import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { buildApp } from '../../server/app.ts'
import { benchOn } from '../support/bench.ts'
import { casesOn } from '../support/cases.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, as, anybody, cookieOf, runJobs, mails, world } = theatre
const { sql } = world.database
const { caseAt } = benchOn(theatre)
const { caseIn } = casesOn(theatre)
const site = (nameJa: string) => ({ kind: 'housing', nameJa, addressJa: '神奈川県厚木市見本7', people: '2' })
const asJson = (payload: unknown, url: string) => app.inject({
  method: 'POST', url, payload: JSON.stringify(payload), headers: { host: 'akashi.test', origin: 'http://akashi.test', accept: 'text/html', 'content-type': 'application/json', cookie: cookieOf('yamada') },
})

describe('a form that arrives twice', () => {
  it('has one effect, also when both arrive at the same moment', async () => {
    const form = { ...site('第二寮'), once: randomUUID() }
    const answers = await Promise.all([as('yamada').post('/employer/sites', form), as('yamada').post('/employer/sites', form)])
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    expect((await sql`select count(*)::int as rows from employer_sites where name_ja = '第二寮'`)[0]).toEqual({ rows: 1 })
  })

  it('is another form once the reader went back and wrote something else', async () => {
    const once = randomUUID()
    await as('yamada').submit('/employer/sites', { ...site('第三寮'), once })
    await as('yamada').submit('/employer/sites', { ...site('第四寮'), once })
    expect((await sql`select name_ja from employer_sites where name_ja in ('第三寮', '第四寮') order by 1`).map(row => row.name_ja)).toEqual(['第三寮', '第四寮'])
  })

  it('is never answered with the outcome of another page', async () => {
    const id = await caseIn('draft'), once = randomUUID()
    await as('yamada').post('/employer/sites', { ...site('第五寮'), once })
    const answer = await as('yamada').post(`/applications/${id}/answers/RE-01.1`, { answer: 'no', explanation: 'まだ決めていません。', version: 1, once })
    expect([answer.status, answer.body]).toMatchObject([201, { criterion: 'RE-01.1', version: 2 }])
  })
})

describe('what cannot be written on a page', () => {
  it.each<[unknown]>([[{ toString: 1 }], [{ toHTML: 1 }], [{ toString: null, valueOf: 1 }], [[{ toString: 1 }]]])('a company name %j is refused with the form, not with a fault', async nameJa => {
    const answer = await asJson({ form: 'company', nameJa, prefecture: nameJa, version: 0 }, '/employer')
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('name="nameJa"')
  })

  it.each(['0000-01-01', '0001-12-31', '9999-12-31'])('%s is no day of ours', async heldOn => {
    const id = await caseAt('visit_planned')
    const day = { heldOn, openingMeeting: 'x', closingMeeting: 'x', workersInvited: '5', workersAgreed: '5', fees: 'no_fees', version: 1 }
    const talk = { code: 'A-01', kind: 'single', people: '1', language: 'vi', minutes: '30', notes: '', heldOn }
    const answers = [await as('sato').post(`/applications/${id}/visit/record`, day), await as('sato').post(`/applications/${id}/interviews`, talk)]
    expect(answers.map(({ status, body }) => [status, body.errors?.[0]?.field])).toEqual([[422, 'heldOn'], [422, 'heldOn']])
  })

  it('a criterion with a NUL in the address finds no notes', async () => {
    const id = await caseAt('visit_planned')
    expect((await as('sato').get(`/applications/${id}/visit/notes?criterion=%00`)).status).toBeLessThan(500)
  })

  it.each(['/%E3%81%82', '/%01', '//evil.example', '/%5Cevil.example', '/a%0d%0aX-Evil:1', 'https://evil.example', `/${'9'.repeat(2001)}`])('signing in does not lead to %s', async next => {
    const door = await anybody.get(`/sign-in?next=${next}`)
    expect([door.status, door.headers['set-cookie']]).toEqual([200, undefined])
  })
})

it('an address too long for a header leads to the door without a way back', async () => {
  expect((await anybody.page(`/employer?${'a=1&'.repeat(3000)}`)).location).toBe('/sign-in')
})

describe('codes by mail', () => {
  it('go out six times an hour to one address, also when asked for all at once', async () => {
    mails.length = 0
    const answers = await Promise.all(Array.from({ length: 12 }, () => anybody.post('/sign-in', { email: 'many@workshop.example' })))
    await runJobs()
    expect([answers.filter(({ status }) => status === 201).length, mails.length]).toEqual([6, 6])
  })
})

describe('a ceiling per address', () => {
  it('cannot be dodged by writing other addresses before one’s own', async () => {
    const behindProxy = await buildApp({ ...world, trustProxy: true }, pino({ level: 'silent' }))
    const ask = (from: number) => behindProxy.inject({ method: 'POST', url: '/sign-in', payload: {}, headers: { host: 'akashi.test', origin: 'http://akashi.test', 'x-forwarded-for': `10.0.0.${from}, 203.0.113.9` } })
    const answers = []
    for (let from = 0; from < 31; from++) answers.push((await ask(from)).statusCode)
    await behindProxy.close()
    expect([answers.slice(0, 30).includes(429), answers.at(-1)]).toEqual([false, 429])
  })
})

describe('what caches keep', () => {
  it('nothing of a page that was shown to somebody signed in', async () => {
    const answers = [await as('yamada').page('/employer'), await as('yamada').get('/applications'), await as('sato').page('/assessments')]
    expect(answers.map(({ headers }) => headers['cache-control'])).toEqual(Array(3).fill('private, no-store'))
  })

  it('nothing of a page before signing in for others', async () => {
    expect((await anybody.page('/sign-in')).headers['cache-control']).toBe('private, no-cache')
  })
})
