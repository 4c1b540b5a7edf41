import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { stage } from '../support/world.ts'

const { app, mails, runJobs, anybody, clock } = await stage()

/** Signs in by mail alone, as staff do before they show their second factor. */
async function halfSignedIn(email: string) {
  mails.length = 0
  const { body: { signInId } } = await anybody.post('/sign-in', { email })
  await runJobs()
  const { headers } = await anybody.post('/sign-in/code', { signInId, code: /\b\d{6}\b/.exec(mails[0]?.text ?? '')?.[0] })
  const cookie = String([headers['set-cookie']].flat().find(line => String(line).startsWith('akashi_session'))).split(';')[0] ?? ''
  const send = async (method: 'GET' | 'POST', url: string, body?: object, accept = 'application/json') =>
    app.inject({ method, url, ...(body ? { payload: body } : {}), headers: { host: 'akashi.test', origin: 'http://akashi.test', cookie, accept } })
  return { get: (url: string, accept?: string) => send('GET', url, undefined, accept), post: (url: string, body: object) => send('POST', url, body) }
}

const codeOf = (secret: string, at: Date) => new TOTP({ secret: Secret.fromBase32(secret), period: 30 }).generate({ timestamp: at.getTime() })

describe('the second factor', () => {
  it('stands before every page of the staff', async () => {
    const suzuki = await halfSignedIn('suzuki@akashi.example')
    const program = await suzuki.get('/pipeline'), person = await suzuki.get('/pipeline', 'text/html')
    expect([program.statusCode, program.json().code, person.statusCode, person.headers.location]).toEqual([403, 'second_factor_needed', 303, '/second-factor?next=%2Fpipeline'])
  })

  it('stands before everything of every case, files and findings too: only one’s own account is open without it', async () => {
    const kobayashi = await halfSignedIn('kobayashi@akashi.example')
    const closed = app.routeTable.filter(({ method, may, operation }) => method === 'GET' && may !== 'anyone' && !operation.startsWith('accounts.'))
    const answers = await Promise.all(closed.map(async ({ url }) => [url, (await kobayashi.get(url.replaceAll(/:\w+/g, () => randomUUID()))).statusCode]))
    expect(closed.length).toBeGreaterThan(20)
    expect(answers.filter(([, status]) => status !== 403)).toEqual([])
  })

  it('opens with a right code, once, and never shows the key again', async () => {
    const sato = await halfSignedIn('sato@sato-sr.example')
    const { enrol: { secret } } = (await sato.get('/second-factor')).json()
    const code = codeOf(secret, clock.now)
    const wrong = await sato.post('/second-factor', { code: code === '000000' ? '000001' : '000000' })
    const right = await sato.post('/second-factor', { code })
    const again = await sato.post('/second-factor', { code })
    expect([wrong.statusCode, right.statusCode, again.statusCode, (await sato.get('/second-factor')).json(), (await sato.get('/assessments')).statusCode]).toEqual([422, 201, 422, { enrol: null }, 200])
  })

  it('gives five tries, then asks for a new code by mail', async () => {
    const tanaka = await halfSignedIn('tanaka@akashi.example')
    const { enrol: { secret } } = (await tanaka.get('/second-factor')).json()
    const right = codeOf(secret, clock.now), wrong = ['000000', '111111', '222222'].find(code => code !== right && code !== codeOf(secret, new Date(clock.now.getTime() + 30_000)) && code !== codeOf(secret, new Date(clock.now.getTime() - 30_000)))
    const codes = []
    for (let tries = 0; tries < 5; tries++) codes.push((await tanaka.post('/second-factor', { code: wrong })).json().code)
    codes.push((await tanaka.post('/second-factor', { code: right })).json().code)
    expect(codes).toEqual(['code_wrong', 'code_wrong', 'code_wrong', 'code_wrong', 'code_expired', 'not_signed_in'])
  })

  it('does not take the code of another hour', async () => {
    const lee = await halfSignedIn('lee@audit.example')
    const { enrol: { secret } } = (await lee.get('/second-factor')).json()
    expect((await lee.post('/second-factor', { code: codeOf(secret, new Date(clock.now.getTime() - 3_600_000)) })).statusCode).toBe(422)
  })

  it('is not asked of an employer', async () => {
    const yamada = await halfSignedIn('yamada@yamada-press.example')
    expect((await yamada.get('/applications')).statusCode).toBe(200)
  })
})

describe('a session that ended while somebody wrote', () => {
  it('shows the text again and leads back to the page', async () => {
    const answer = await app.inject({
      method: 'POST', url: '/profile', payload: 'name=%E9%AB%99%E6%A9%8B&locale=ja',
      headers: { host: 'akashi.test', origin: 'http://akashi.test', referer: 'http://akashi.test/profile', accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([answer.statusCode, answer.body.includes('髙橋'), answer.body.includes('href="/sign-in?next&#x3D;%2Fprofile"')]).toEqual([401, true, true])
  })
})
