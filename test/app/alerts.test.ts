import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dailyWindow } from '../../server/domain/alerts.ts'
import { nextTry } from '../../server/domain/webhook-tries.ts'
import { dailyAlerts } from '../../server/alerts/daily.ts'
import { tellWatchers } from '../../server/alerts/tell.ts'
import { deliverWebhooks } from '../../server/webhooks/deliver.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { anybody, as, clock, mails, runJobs, world } = theatre
const { sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada') })
const minato = as('minato')
await minato.post('/watchlist', { number })

const got: { headers: IncomingHttpHeaders; body: string }[] = []
let answer = 204, url = ''
const receiver = createServer((request, reply) => {
  let body = ''
  request.on('data', chunk => { body += String(chunk) }).on('end', () => { got.push({ headers: request.headers, body }); reply.writeHead(answer).end() })
})
beforeAll(async () => {
  await new Promise<void>(resolve => { receiver.listen(0, '127.0.0.1', resolve) })
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
})
afterAll(() => void receiver.close())
beforeEach(() => { got.length = 0; mails.length = 0; answer = 204 })

const happens = (event: string, reason: string | null = null) => sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor) select gen_random_uuid(), id, ${event}, '2026-11-24', ${reason}, 'clock' from certificates where number = ${number}`
const verified = (secret: string, nth = 0) => new Webhook(secret).verify(got[nth]?.body ?? '', Object.fromEntries(Object.entries(got[nth]?.headers ?? {}).map(([name, value]) => [name, String(value)])))
const later = (seconds: number) => { clock.now = new Date(clock.now.getTime() + seconds * 1000) }

describe('a change reaches its watchers', () => {
  it('by mail, on the page and in the feed; once, and nobody else', async () => {
    await happens('suspended', 'overdue')
    await runJobs()
    await Promise.all([tellWatchers(world), tellWatchers(world)])
    await runJobs()
    const told = mails.filter(({ subject }) => subject.includes('証書の状態'))
    expect(told.map(({ to, subject }) => [to, subject])).toEqual([['watanabe@minato-motors.example', '証書の状態が変わりました：山田プレス工業株式会社 効力停止中']])
    for (const words of [number, '有効 → 効力停止中', '期限までに必要な手続きが行われなかったため', '/watchlist/']) expect(told[0]?.text).toContain(words)
    expect((await minato.get('/alerts')).body).toMatchObject({ unseen: 1, alerts: [{ number, before: 'certified', standing: 'suspended', reasonClass: 'overdue', seen: false }] })
    expect((await as('hoshi').get('/alerts')).body.alerts).toEqual([])
    await minato.post('/alerts/seen')
    expect((await minato.get('/alerts')).body.unseen).toBe(0)
  })

  it('all of several in one mail, and not for a longer proof of the same file', async () => {
    await happens('reinstated'); await happens('suspended', 'nonconformity')
    await runJobs()
    expect(mails.filter(({ subject }) => subject.includes('ほか1件')).length).toBe(1)
    const before = (await sql`select count(*)::int as n from alerts`)[0]?.n
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, actor) select gen_random_uuid(), id, 'condition_met', '2026-11-24', 'clock' from certificates where number = ${number}` // changes nothing
    await runJobs()
    expect((await sql`select count(*)::int as n from alerts`)[0]?.n).toBe(before)
  })

  it('with the way to its supplier and to the certificate', async () => {
    await happens('reinstated')
    await runJobs()
    expect(mails[0]?.text).toContain(`http://akashi.test/c/${number}`)
  })

  it('once a day, at seven, for those who want it so; never for those who want none', async () => {
    const before = clock.now
    await minato.post('/buyer/alerts', { alerts: 'daily' })
    await happens('suspended', 'overdue')
    await runJobs()
    expect(mails).toEqual([])
    const digest = async (at: string) => { clock.now = new Date(at); await Promise.all([dailyAlerts(world), dailyAlerts(world)]); await runJobs(); return mails.length }
    expect([await digest('2026-11-24T21:59:59Z'), await digest('2026-11-24T22:00:00Z'), await digest('2026-11-25T03:00:00Z'), await digest('2026-11-25T22:00:00Z')]).toEqual([0, 1, 1, 1]) // before its hour; at seven; late, and again; the next day
    await minato.post('/buyer/alerts', { alerts: 'never' })
    await happens('reinstated')
    await runJobs()
    expect(await digest('2026-11-26T22:00:00Z')).toBe(1)
    clock.now = before
    await minato.post('/buyer/alerts', { alerts: 'daily' })
    await happens('suspended', 'overdue')
    await runJobs()
    await minato.post('/buyer/alerts', { alerts: 'never' })
  })

  it('is neither lost nor told twice when a member changes the way in the middle of a day', async () => {
    const begun = clock.now
    await minato.post('/buyer/alerts', { alerts: 'daily' })
    later(60)
    await happens('reinstated')
    await runJobs()
    expect(mails).toEqual([])
    later(60)
    await minato.post('/buyer/alerts', { alerts: 'at_once' })
    await runJobs()
    expect(mails.length).toBe(1) // what waited for the morning
    later(60)
    await happens('suspended', 'overdue')
    await runJobs()
    expect(mails.length).toBe(2)
    later(60)
    await minato.post('/buyer/alerts', { alerts: 'daily' })
    clock.now = new Date(dailyWindow(new Date(clock.now.getTime() + 86_400_000)).until.getTime() + 1000)
    await dailyAlerts(world)
    await runJobs()
    expect(mails.length).toBe(2) // told at once already
    clock.now = begun
    await minato.post('/buyer/alerts', { alerts: 'never' })
  })

  it.each([['2026-11-24T21:59:59.999Z', '2026-11-22T22:00:00.000Z', '2026-11-24'], ['2026-11-24T22:00:00Z', '2026-11-23T22:00:00.000Z', '2026-11-25'], ['2026-11-25T21:00:00Z', '2026-11-23T22:00:00.000Z', '2026-11-25']])('at %s the news of a day begins at %s', (now, from, day) =>
    expect([dailyWindow(new Date(now)).from.toISOString(), dailyWindow(new Date(now)).day]).toEqual([from, day]))

  it('in order for everybody, page by page; a buyer’s own feed has its suppliers alone', async () => {
    const all = (await anybody.get('/register/changes?limit=2')).body
    expect([all.changes.map(({ change }: { change: string }) => change), all.more]).toEqual([['issued', 'suspended'], true])
    const rest = (await anybody.get(`/register/changes?after=${all.last}`)).body
    expect([rest.changes[0].change, rest.more, (await anybody.get('/register/changes?after=x&limit=99999')).status]).toEqual(['reinstated', false, 200])
    expect([(await minato.get('/watchlist/changes')).body.changes.length > 3, (await as('hoshi').get('/watchlist/changes')).body.changes, JSON.stringify(all).includes('supplier')]).toEqual([true, [], false])
  })
})

describe('a webhook', () => {
  let id = '', secret = ''
  beforeAll(async () => {
    const { status, body } = await minato.post('/webhooks', { url })
    expect(status).toBe(201)
    id = body.id
    secret = body.secret
  })

  it('is signed so that the public library of Standard Webhooks accepts it, and an altered one not', async () => {
    clock.now = new Date() // the library has the real clock
    await happens('reinstated')
    await runJobs()
    expect(verified(secret)).toMatchObject({ type: 'certificate.changed', data: { number, change: 'reinstated', standing: 'certified', standingBefore: 'suspended', supplier: { name: '山田プレス工業株式会社' } } })
    expect(() => new Webhook(secret).verify(`${got[0]?.body} `, got[0]?.headers as Record<string, string>)).toThrow()
    expect(() => verified(`whsec_${Buffer.from('another secret of some length').toString('base64')}`)).toThrow()
    expect((await minato.get(`/webhooks/${id}`)).body).toMatchObject({ secret: null, delivered: 1, deliveries: [{ state: 'delivered', tries: 1, lastStatus: 204, standing: 'certified' }] })
  })

  it('goes again with patience when the receiver is dead, under the same id, and is given up in the end; replayed by hand', async () => {
    answer = 503
    await happens('suspended', 'overdue')
    await runJobs()
    const waits = [5, 60, 300, 1800, 7200, 28_800, 86_400]
    for (const seconds of waits) {
      expect((await minato.get(`/webhooks/${id}`)).body.deliveries[0]).toMatchObject({ state: 'waiting', lastStatus: 503 })
      later(seconds * 1.2 + 1)
      await deliverWebhooks(world)
    }
    expect((await minato.get(`/webhooks/${id}`)).body.deliveries[0]).toMatchObject({ state: 'given_up', tries: 8 })
    expect([got.length, new Set(got.map(({ headers }) => headers['webhook-id'])).size, new Set(got.map(({ body }) => body)).size]).toEqual([8, 1, 1])
    answer = 200
    const [delivery] = (await minato.get(`/webhooks/${id}`)).body.deliveries
    await minato.post(`/webhooks/${id}/deliveries/${delivery.id}/replay`)
    await deliverWebhooks(world)
    expect([got.at(-1)?.headers['webhook-id'], (await minato.get(`/webhooks/${id}`)).body.deliveries[0].state]).toEqual([delivery.id, 'delivered'])
  })

  it('of an endpoint that is gone for five days stops, tells its people once, and goes on when started again', async () => {
    answer = 500
    await minato.post(`/webhooks/${id}/trial`)
    await deliverWebhooks(world)
    later(5 * 86_400 + 100)
    await deliverWebhooks(world)
    await runJobs()
    expect((await minato.get(`/webhooks/${id}`)).body).toMatchObject({ active: false, stoppedWhy: 'failing' })
    expect(mails.filter(({ subject }) => subject.includes('Webhook を止めました')).length).toBe(1)
    answer = 200
    await minato.post(`/webhooks/${id}/start`)
    later(200_000)
    await deliverWebhooks(world)
    expect((await minato.get(`/webhooks/${id}`)).body).toMatchObject({ active: true, failingSince: null, deliveries: [{ state: 'delivered' }, {}, {}] })
  })

  it('is signed with both secrets for a day after a rotation, then with the new one', async () => {
    clock.now = new Date()
    const { body: rotated } = await minato.post(`/webhooks/${id}/rotation`)
    await minato.post(`/webhooks/${id}/trial`)
    await deliverWebhooks(world)
    expect([verified(rotated.secret), verified(secret), rotated.secret === secret]).toMatchObject([{ type: 'trial' }, { type: 'trial' }, false])
    later(24 * 3600 + 1)
    await minato.post(`/webhooks/${id}/trial`)
    await deliverWebhooks(world)
    expect(String(got[1]?.headers['webhook-signature']).split(' ').length).toBe(1)
  })

  it('left behind by a sender that died is sent by the next, and two senders send it once', async () => {
    await minato.post(`/webhooks/${id}/trial`)
    await sql`update webhook_deliveries set state = 'sending', next_at = ${new Date(clock.now.getTime() + 60_000).toISOString()} where state = 'waiting'`
    await deliverWebhooks(world)
    expect(got.length).toBe(0)
    later(61)
    await Promise.all([deliverWebhooks(world), deliverWebhooks(world)])
    expect(got.length).toBe(1)
  })

  it('goes to addresses of this buyer alone; others see neither address nor log', async () => {
    const hoshi = as('hoshi')
    for (const path of ['rotation', 'trial', 'stop', 'remove']) expect([path, (await hoshi.post(`/webhooks/${id}/${path}`)).status]).toEqual([path, 404])
    expect([(await hoshi.get(`/webhooks/${id}`)).status, (await hoshi.get('/webhooks')).body.endpoints, (await minato.post('/webhooks', { url: 'nonsense' })).body.code, (await as('yamada').get('/webhooks')).status]).toEqual([404, [], 'webhook_address', 403])
    expect((await sql`select count(*)::int as n from journal where after::text like '%whsec_%' or before::text like '%whsec_%'`)[0]?.n).toBe(0)
  })

  it('waits longer each time', () => expect([1, 2, 7, 8].map(tries => nextTry(tries, new Date(0), 0)?.getTime() ?? null)).toEqual([5000, 60_000, 86_400_000, null]))
})
