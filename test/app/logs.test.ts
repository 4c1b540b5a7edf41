import { Writable } from 'node:stream'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { withoutContent } from '../../server/adapters/without-content.ts'
import { buildApp } from '../../server/app.ts'
import { stage } from '../support/world.ts'

const { world, cookieOf, mails, anybody, runJobs } = await stage()
const { sql } = world.database
const lines: string[] = []
const app = await buildApp(world, pino({ level: 'info' }, new Writable({ write(line, _, done) { lines.push(String(line)); done() } })))

describe('what is logged', () => {
  it('of a fault: where it happened and its code, not a word of what was typed', async () => {
    await sql`alter table employer_sites rename to employer_sites_away`
    const answer = await app.inject({
      method: 'POST', url: '/employer/sites?from=手帳', payload: { kind: 'housing', nameJa: '山の寮', addressJa: '神奈川県秘密1', people: 2 },
      headers: { host: 'akashi.test', origin: 'http://akashi.test', accept: 'application/json', cookie: cookieOf('yamada') },
    })
    await sql`alter table employer_sites_away rename to employer_sites`
    const told = lines.join('')
    expect([answer.statusCode, told.includes('42P01'), told.includes('places.ts')]).toEqual([500, true, true])
    expect(['山の寮', '神奈川県秘密1', '手帳', 'akashi_session'].filter(word => told.includes(word) || told.includes(encodeURIComponent(word)))).toEqual([])
  })

  it('of a mail that could not go: what the server said in numbers, no address, no code', async () => {
    const { send } = world.mailer
    world.mailer.send = async () => { throw Object.assign(new Error('550 5.1.1 <who@workshop.example>: Recipient rejected'), { code: 'EENVELOPE', responseCode: 550 }) }
    await anybody.post('/sign-in', { email: 'who@workshop.example' })
    await runJobs().catch(() => undefined)
    world.mailer.send = send
    const [job] = await sql`select last_error from graphile_worker._private_jobs where last_error is not null`
    expect([job?.last_error.includes('EENVELOPE 550'), job?.last_error.includes('who@'), mails.length]).toEqual([true, false, 0])
  })

  it('of any other fault: its own words', () => {
    expect(withoutContent(new TypeError('x is no function'))).toMatchObject({ type: 'TypeError', message: 'x is no function', stack: expect.stringContaining('logs.test.ts') })
    expect([withoutContent('thrown text').message, withoutContent(null).message]).toEqual(['string', 'object'])
  })
})
