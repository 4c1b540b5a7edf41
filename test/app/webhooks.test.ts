import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tellWatchers } from '../../server/alerts/tell.ts'
import { buildApp } from '../../server/app.ts'
import { deliverWebhooks, wakeAgain } from '../../server/webhooks/deliver.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Many watchers, and receivers as they are out there: most answer, some hang, some are gone.
const theatre = await stage()
const { as, clock, cookieOf, mails, runJobs, world } = theatre
const { database: { sql, db } } = world
const { number } = await sealedFilesOn(theatre).issued({ employerId: await sealedFilesOn(theatre).employerOf('yamada') })
await runJobs()
const hanging = 50, watchers = 1000

const got: string[] = [], held: ServerResponse[] = []
let hangs = true
const receiver = createServer((request, reply) => {
  request.resume().on('end', () => {
    if (request.url?.startsWith('/hang') && hangs) return void held.push(reply)
    got.push(String(request.url))
    reply.writeHead(204).end()
  })
})
let base = ''
beforeAll(async () => {
  await new Promise<void>(resolve => { receiver.listen(0, '127.0.0.1', resolve) })
  base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
})
afterAll(() => { receiver.closeAllConnections(); receiver.close() })
beforeEach(() => { got.length = 0; mails.length = 0; hangs = true })
const letGo = () => { hangs = false; for (const reply of held.splice(0)) reply.destroy() }

const until = async (what: string, done: () => boolean) => { for (const end = Date.now() + 20_000; !done(); await new Promise(resolve => setTimeout(resolve, 20))) if (Date.now() > end) throw new Error(`waited in vain: ${what}`) }
const happens = (event: string) => sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor) select gen_random_uuid(), id, ${event}, '2026-11-24', 'overdue', 'clock' from certificates where number = ${number}`
const queued = async () => Number((await sql`select count(*)::int as n from graphile_worker.jobs where task_identifier = 'deliver_webhooks'`)[0]?.n)
const stillWaiting = async () => Number((await sql`select count(*)::int as n from webhook_deliveries where state in ('waiting', 'sending')`)[0]?.n)
const endpointOf = async (path: string): Promise<string> => (await as('minato').post('/webhooks', { url: base + path })).body.id
const wait = (endpoint: string, count: number, since: string) => sql`insert into webhook_deliveries (id, endpoint_id, payload, next_at) select gen_random_uuid(), ${endpoint}, '{"type": "trial"}', ${since}::timestamptz from generate_series(1, ${count}::int)`

describe('a certificate that a thousand watch', () => {
  it(`reaches all of them, by mail and webhook, while ${hanging} receivers hang`, { timeout: 60_000 }, async () => {
    await sql`insert into people (id, email, name, locale) select gen_random_uuid(), 'B-CROWD-' || n || '@crowd.example', 'B-CROWD-' || n, 'ja' from generate_series(1, ${watchers}::int) n`
    await sql`insert into buyers (id, name_ja, name_en, code, created_by) select gen_random_uuid(), name, name, name, id from people where email like '%@crowd.example'` // each founds its own
    await sql`insert into suppliers (id, buyer_id, name, holder, matched, added_by) select gen_random_uuid(), id, 'watched', holder_of(${number}), 'number', created_by from buyers where code like 'B-CROWD-%'`
    await sql`insert into buyer_members (person_id, buyer_id) select p.id, b.id from people p join buyers b on b.code || '@crowd.example' = p.email`
    await sql`insert into webhook_endpoints (id, buyer_id, url, secret, created_by) select gen_random_uuid(), id, ${base}::text || case when row_number() over (order by code) <= ${hanging}::int then '/hang/' else '/' end || code, 'whsec_' || encode(sha256(code::bytea), 'base64'), created_by from buyers where code like 'B-CROWD-%'`
    await happens('suspended')
    const begun = performance.now()
    await Promise.all([tellWatchers(world), tellWatchers(world)])
    const told = performance.now() - begun
    const [counts] = await sql`select (select count(*)::int from alerts) as alerts, (select count(*)::int from mails where template = 'supplier_changed') as mails, (select count(*)::int from webhook_deliveries) as deliveries, (select count(*)::int from graphile_worker.jobs where task_identifier = 'send_mail') as jobs`
    expect([counts, told < 10_000]).toEqual([{ alerts: watchers, mails: watchers, deliveries: watchers, jobs: watchers }, true])
    expect((await sql`select task_identifier from graphile_worker.jobs where task_identifier in ('send_mail', 'deliver_webhooks') order by priority, run_at, id limit 1`)[0]?.task_identifier).toBe('deliver_webhooks') // not behind a thousand mails
    const sending = deliverWebhooks(world)
    await until('the quick receivers', () => got.length === watchers - hanging)
    expect([new Set(got).size, held.length, performance.now() - begun < 30_000]).toEqual([watchers - hanging, hanging, true])
    letGo()
    await sending
    expect(await sql`select state, last_problem, count(*)::int as n from webhook_deliveries group by 1, 2 order by 3`).toEqual([{ state: 'waiting', last_problem: 'broken', n: hanging }, { state: 'delivered', last_problem: null, n: watchers - hanging }])
    clock.now = new Date(clock.now.getTime() + 10_000)
    await deliverWebhooks(world)
    expect([new Set(got).size, await stillWaiting()]).toEqual([watchers, 0])
  })

  it('is told in pieces when several changes come at once, each change to each watcher once', async () => {
    for (let turn = 0; turn < 4; turn += 1) { await happens('reinstated'); await happens('suspended') }
    await sql`update webhook_endpoints set active = false`
    await tellWatchers(world)
    expect((await sql`select count(*)::int as n, count(distinct (buyer_id, change_seq))::int as once, (select seq = (select max(seq) from register_changes) from watchers_told) as at_end from alerts`)[0]).toEqual({ n: 9 * watchers, once: 9 * watchers, at_end: true })
  })
})

describe('an endpoint', () => {
  it('that hangs with a long queue takes a few lanes, never all', { timeout: 60_000 }, async () => {
    const slow = await endpointOf('/hang/long'), quick = await endpointOf('/quick')
    await wait(slow, 300, '2026-11-20')
    await wait(quick, 1, '2026-11-21')
    const sending = deliverWebhooks(world)
    await until('the quick one', () => got.includes('/quick'))
    expect(held.length).toBeLessThanOrEqual(8)
    await wait(quick, 1, '2026-11-22') // and what falls due while others hang goes along
    await until('the late one', () => got.filter(path => path === '/quick').length === 2)
    letGo()
    await sending
    await as('minato').post(`/webhooks/${slow}/remove`)
  })

  it('that was stopped or removed asks nobody to look again and again', async () => {
    const stopped = await endpointOf('/stopped'), removed = await endpointOf('/removed')
    await wait(stopped, 1, '2026-11-20')
    await wait(removed, 1, '2026-11-20')
    await as('minato').post(`/webhooks/${stopped}/stop`)
    await as('minato').post(`/webhooks/${removed}/remove`)
    await sql`select graphile_worker.remove_job('deliver_webhooks')`
    await wakeAgain(db)
    expect([await queued(), got]).toEqual([0, []])
    await as('minato').post(`/webhooks/${stopped}/start`)
    expect(await queued()).toBe(1)
    await deliverWebhooks(world)
    expect(got).toEqual(['/stopped'])
  })

  it('keeps its secret: it is in no log', async () => {
    const lines: string[] = []
    const app = await buildApp(world, pino({ level: 'trace' }, new Writable({ write(line, _, done) { lines.push(String(line)); done() } })))
    const answer = await app.inject({ method: 'POST', url: '/webhooks', payload: { url: `${base}/logged?token=abc` }, headers: { host: 'akashi.test', origin: 'http://akashi.test', accept: 'application/json', cookie: cookieOf('minato') } })
    const told = lines.join('')
    expect([answer.statusCode, answer.json().secret.startsWith('whsec_'), told.includes('webhooks.make'), told.includes('whsec_'), told.includes('logged')]).toEqual([201, true, true, false, false])
    await app.close()
  })
})
