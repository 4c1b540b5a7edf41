import { describe, expect, it } from 'vitest'
import { stage } from '../support/world.ts'

const { app, anybody, as, mails, runJobs, world, clock } = await stage()
const codeIn = (text: string) => /\b\d{6}\b/.exec(text)?.[0] ?? ''

async function askForCode(email: string) {
  mails.length = 0
  const { status, body } = await anybody.post('/sign-in', { email })
  await runJobs()
  return { status, signInId: body.signInId as string, code: codeIn(mails[0]?.text ?? '') }
}

describe('signing in', () => {
  it('mails a code that opens a session once', async () => {
    const { signInId, code } = await askForCode('new@workshop.example')
    const first = await anybody.post('/sign-in/code', { signInId, code })
    const second = await anybody.post('/sign-in/code', { signInId, code })
    expect([first.status, second.status, second.body.code]).toEqual([201, 422, 'code_expired'])
  })

  it('says to the one who asked, and to nobody else, where the code went', async () => {
    const { headers } = await anybody.post('/sign-in', { email: 'slip@workshp.example' })
    await runJobs()
    const cookie = /sign_in=[^;]+/.exec(String(headers['set-cookie']))?.[0] ?? ''
    const read = async (accept: string) => (await app.inject({ url: '/sign-in/code', headers: { accept, cookie } })).body
    expect([JSON.parse(await read('application/json')), (await read('text/html')).includes('slip@workshp.example'), (await anybody.get('/sign-in/code')).body])
      .toEqual([{ email: 'slip@workshp.example' }, true, { email: null }])
  })

  it('takes full-width digits', async () => {
    const { signInId, code } = await askForCode('wide@workshop.example')
    const wide = code.replace(/\d/g, digit => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
    expect((await anybody.post('/sign-in/code', { signInId, code: wide })).status).toBe(201)
  })

  it('gives five tries and then asks for a new code', async () => {
    const { signInId, code } = await askForCode('guess@workshop.example')
    const wrong = code === '000000' ? '000001' : '000000'
    const answers = []
    for (let tries = 0; tries < 5; tries++) answers.push((await anybody.post('/sign-in/code', { signInId, code: wrong })).body.code)
    answers.push((await anybody.post('/sign-in/code', { signInId, code })).body.code)
    expect(answers).toEqual(['code_wrong', 'code_wrong', 'code_wrong', 'code_wrong', 'code_expired', 'code_expired'])
  })

  it('forgets the code once it has been mailed', async () => {
    await askForCode('wipe@workshop.example')
    const [row] = await world.database.sql`select params from mails where to_email = 'wipe@workshop.example'`
    expect(row?.params).toEqual({})
  })

  it('does not take a code after a quarter of an hour', async () => {
    const { signInId, code } = await askForCode('late@workshop.example')
    clock.now = new Date(clock.now.getTime() + 16 * 60_000)
    expect((await anybody.post('/sign-in/code', { signInId, code })).body.code).toBe('code_expired')
  })

  it('asks staff for a second factor before anything else', async () => {
    const { signInId, code } = await askForCode('suzuki@akashi.example')
    const { headers } = await anybody.post('/sign-in/code', { signInId, code })
    const cookie = String([headers['set-cookie']].flat().find(line => String(line).startsWith('akashi_session'))).split(';')[0]
    const sessions = await world.database.sql`select second_factor_at from sessions order by created_at desc limit 1`
    expect([cookie?.startsWith('akashi_session='), sessions[0]?.second_factor_at]).toEqual([true, null])
  })
})

describe('the profile', () => {
  it.each(['', ' ', 'a'.repeat(81), 'nul\0', 'lone \ud800'])('keeps nothing of an unusable name %j', async name => {
    const before = (await as('yamada').get('/profile')).body.name
    const { status } = await as('yamada').post('/profile', { name, locale: 'ja' })
    expect([status, (await as('yamada').get('/profile')).body.name]).toEqual([422, before])
  })

  it('keeps emoji, right-to-left letters and markup as they were typed, and shows them harmlessly', async () => {
    const name = '<b>髙橋</b> 🙂 שלום'
    await as('yamada').post('/profile', { name, locale: 'ja' })
    const page = await as('yamada').page('/profile')
    expect([(await as('yamada').get('/profile')).body.name, page.text.includes('&lt;b&gt;髙橋&lt;/b&gt; 🙂 שלום'), page.text.includes('<b>髙橋')]).toEqual([name, true, false])
  })

  it('brings a refused form back with what was typed', async () => {
    const { status, text } = await as('yamada').submit('/profile', { name: 'あ'.repeat(90), locale: 'ja' })
    expect([status, text.includes('あ'.repeat(90)), text.includes('エラー'), text.includes('お名前：長すぎるか、大きすぎます。')]).toEqual([422, true, true, true])
  })
})
