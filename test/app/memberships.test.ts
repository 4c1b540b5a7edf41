import { describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { most_member_mails_a_day } from '../../server/domain/invitations.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { anybody, as, clock, idOf, mails, runJobs, world } = theatre
const { sql } = world.database
const minato = as('minato')
const ask = (email: string, by = minato) => by.post('/buyer/members', { email })
const members = async (): Promise<{ id: string; email: string }[]> => (await minato.get('/buyer')).body.members
const asked = async (): Promise<{ id: string; email: string; state: string }[]> => (await minato.get('/buyer')).body.asked
const [stranger] = await sql`insert into people (id, email, name) values (gen_random_uuid(), 'Colleague@minato-motors.example', '同僚') returning id`
const colleague = await entered(String(stranger?.id))

describe('a colleague', () => {
  it('is asked by mail, and is in the company when they say yes; not before', async () => {
    expect((await ask('Colleague@Minato-Motors.example')).status).toBe(201)
    await runJobs()
    expect(mails.at(-1)).toMatchObject({ to: 'colleague@minato-motors.example', text: expect.stringContaining('/memberships') })
    expect([(await members()).length, await asked(), (await colleague.get('/watchlist')).status]).toEqual([1, [expect.objectContaining({ email: 'colleague@minato-motors.example', state: 'open' })], 403])
    expect((await ask('colleague@minato-motors.example')).body.code).toBe('already_exists')
    const page = (await colleague.get('/memberships')).body
    expect(page).toMatchObject({ reader: 'free', invitations: [{ buyer: { nameEn: expect.stringContaining('Minato') }, by: 'watanabe@minato-motors.example' }] })
    for (const other of ['hoshi', 'yamada', 'tanaka'] as const) expect([(await as(other).get('/memberships')).body.invitations, (await as(other).post(`/memberships/${page.invitations[0].id}/acceptance`, {})).status]).toEqual([[], 404])
    expect((await anybody.get('/memberships')).status).toBe(401)
    expect((await colleague.post(`/memberships/${page.invitations[0].id}/acceptance`)).status).toBe(201)
    expect([(await members()).map(one => one.email), await asked(), (await colleague.get('/watchlist')).status]).toEqual([['watanabe@minato-motors.example', 'Colleague@minato-motors.example'], [], 200])
    expect((await colleague.post(`/memberships/${page.invitations[0].id}/refusal`)).body.code).toBe('invitation_over')
  })

  it('stays as it is whoever asks: the answer is the same for staff, for another company’s people, for an applicant and for nobody', async () => {
    const answers = await Promise.all(['tanaka@akashi.example', 'hayashi@hoshi-denki.example', 'yamada@yamada-press.example', 'nobody@nowhere.example'].map(async email => ({ ...(await ask(email)), headers: null })))
    expect(new Set(answers.map(answer => JSON.stringify([answer.status, answer.body]))).size).toBe(1)
    expect(answers[0]?.status).toBe(201)
    expect((await sql`select count(*)::int as n from people where email = 'nobody@nowhere.example'`)[0]?.n).toBe(0)
    const their = async (who: CastName) => { const { reader, invitations } = (await as(who).get('/memberships')).body; return { reader, id: invitations[0].id } }
    for (const who of ['tanaka', 'hoshi'] as const) {
      const { id, reader } = await their(who)
      expect([reader, (await as(who).post(`/memberships/${id}/acceptance`)).body.code]).toEqual([who === 'tanaka' ? 'staff' : 'member', 'member_elsewhere'])
      expect((await as(who).get('/memberships')).body.invitations.length).toBe(1) // what was refused leaves the invitation open
      expect((await as(who).post(`/memberships/${id}/refusal`)).status).toBe(201)
    }
    expect((await ask('tanaka@akashi.example')).body.code).toBe('member_declined')
    expect((await members()).length).toBe(2)
  })

  it('finds an invitation neither after its last day nor when it was taken back', async () => {
    const [open] = (await asked()).filter(one => one.email.startsWith('nobody'))
    expect((await as('hoshi').post(`/buyer/members/invitations/${open?.id}/withdrawal`)).status).toBe(404)
    expect((await minato.post(`/buyer/members/invitations/${open?.id}/withdrawal`)).status).toBe(201)
    expect((await ask('late@minato-motors.example')).status).toBe(201)
    const now = clock.now
    clock.now = new Date(now.getTime() + 32 * 86_400_000)
    expect((await asked()).map(one => [one.email, one.state])).toContainEqual(['late@minato-motors.example', 'expired'])
    expect((await ask('late@minato-motors.example')).status).toBe(201)
    clock.now = now
  })

  it('is not found by asking all the world', async () => {
    const answers = await Promise.all(Array.from({ length: most_member_mails_a_day + 5 }, (_, n) => ask(`w${n}@world.example`)))
    expect(answers.filter(answer => answer.status === 201).length).toBeLessThanOrEqual(most_member_mails_a_day)
    expect((await sql`select count(*)::int as n from member_invitations where sent_at >= ${new Date(clock.now.getTime() - 3_600_000).toISOString()} and sent_at <= ${clock.now.toISOString()}`)[0]?.n).toBeLessThanOrEqual(most_member_mails_a_day)
  })

  it('is removed by a colleague, the last one never, and nobody else’s people', async () => {
    const [first, second] = await members()
    expect((await as('hoshi').post(`/buyer/members/${second?.id}/removal`)).status).toBe(404)
    expect((await minato.post(`/buyer/members/${second?.id}/removal`)).status).toBe(201)
    expect((await minato.post(`/buyer/members/${first?.id}/removal`)).body.code).toBe('last_member')
    expect((await ask('nonsense')).status).toBe(422)
  })
})

describe('SQL', () => {
  const attempt = async (statement: string) => sql.unsafe(statement).then(() => 'went through', (error: { constraint_name?: string }) => error.constraint_name)
  it('lets nobody in who neither founded the company nor said yes', async () => {
    const minatos = '(select id from buyers where name_en like \'Minato%\')'
    expect(await Promise.all([`insert into buyer_members (person_id, buyer_id) values ('${idOf('yamada')}', ${minatos})`, `update buyer_members set buyer_id = ${minatos} where person_id = '${idOf('hoshi')}'`, 'delete from member_invitations', "update member_invitations set to_email = 'x@y.example'", "update member_invitations set answer = null, answered_at = null where answer = 'declined'", "insert into member_invitations (id, buyer_id, to_email, sent_by, expires_at) select gen_random_uuid(), buyer_id, 'W1@world.example', sent_by, expires_at from member_invitations limit 1"].map(attempt)))
      .toEqual(['member_has_said_yes', 'member_has_said_yes', 'member_invitation_is_kept', 'member_invitation_is_kept', 'member_invitation_is_answered_once', 'member_address_is_lower_case'])
  })
})

async function entered(personId: string) {
  const reply = await anybody.post(`/sign-in/as/${personId}`)
  const cookie = String([reply.headers['set-cookie']].flat().find(one => String(one).startsWith('akashi_session'))).split(';')[0] ?? ''
  const headers = { host: 'akashi.test', origin: 'http://akashi.test', accept: 'application/json', cookie }
  const ask = async (method: 'GET' | 'POST', url: string, payload: object = {}) => {
    const { statusCode: status, headers: { location }, payload: text } = await theatre.app.inject({ method, url, headers, ...(method === 'POST' ? { payload } : {}) })
    return { status, location, body: text === '' ? null : JSON.parse(text) }
  }
  const page = async (url: string, lang = 'ja') => (await theatre.app.inject({ method: 'GET', url: `${url}?lang=${lang}`, headers: { ...headers, accept: 'text/html' } })).payload
  return { get: (url: string) => ask('GET', url), post: (url: string, payload?: object) => ask('POST', url, payload), page }
}

describe('whoever has nobody', () => {
  it('is led from /buyer to the founding of a company; an employer’s people and staff are not', async () => {
    const [person] = await sql`insert into people (id, email, name) values (gen_random_uuid(), 'new@nowhere.example', '新人') returning id`
    const newcomer = await entered(String(person?.id)), sent = await newcomer.get('/buyer')
    expect([sent.status, sent.location, (await newcomer.get('/buyer/new')).status]).toEqual([303, '/buyer/new', 200])
    expect(await Promise.all((['yamada', 'tanaka'] as const).map(async who => { const { status, body } = await as(who).get('/buyer'); return [status, body.code] }))).toEqual([[403, 'not_your_role'], [403, 'not_your_role']])
    expect((await anybody.get('/buyer')).status).toBe(401)
  })

  it('and is alone in a company, reads how to leave it; with a colleague there, not', async () => {
    const [person] = await sql`insert into people (id, email, name) values (gen_random_uuid(), 'alone@nowhere.example', '一人') returning id`
    const alone = await entered(String(person?.id))
    expect((await alone.post('/buyer/new', { nameJa: '一人商事', nameEn: 'Alone', corporateNumber: '' })).status).toBe(201)
    const said = async () => [(await alone.page('/buyer')).includes('先に下の欄から同僚を招いてください'), (await alone.page('/buyer', 'en')).includes('ask a colleague to join first')]
    expect([await said(), (await alone.post(`/buyer/members/${String(person?.id)}/removal`)).body.code]).toEqual([[true, true], 'last_member'])
    const [other] = await sql`insert into people (id, email, name) values (gen_random_uuid(), 'second@nowhere.example', '二人目') returning id`
    await alone.post('/buyer/members', { email: 'second@nowhere.example' })
    const second = await entered(String(other?.id)), { body: { invitations: [{ id }] } } = await second.get('/memberships')
    expect((await second.post(`/memberships/${id}/acceptance`)).status).toBe(201)
    expect(await said()).toEqual([false, false])
    expect([(await second.post(`/buyer/members/${String(person?.id)}/removal`)).status, (await alone.get('/buyer')).status]).toEqual([201, 303])
  })
})
