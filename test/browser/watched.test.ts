import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import ICAL from 'ical.js'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { ownInstance, type Instance } from '../../scripts/journey/instance.ts'
import { openInbox, type Inbox } from '../../server/adapters/inbox.ts'
import { socketPathFor } from '../../server/adapters/signer/socket-path.ts'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { databaseAt } from '../support/postgres.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { visitorWith, type Visitor } from '../support/visitor.ts'
import { stage } from '../support/world.ts'

// Two server processes, real mail, a real receiver: a decision maker suspends, and within a minute everything says so.
const theatre = await stage()
const missing = await whyNoBrowser()

describe.skipIf(missing)(`a suspension and its watchers${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let browser: Browser, servers: Instance[] = [], inbox: Inbox, officer: Visitor, decider: Visitor, number: string, calendar: string
  const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-watched-')), hooks: { id: string; body: string }[] = []
  let dead = true
  const receiver = createServer((request, reply) => {
    let body = ''
    request.on('data', chunk => { body += String(chunk) }).on('end', () => {
      if (!dead) hooks.push({ id: String(request.headers['webhook-id']), body })
      reply.writeHead(dead ? 503 : 204).end()
    })
  })

  beforeAll(async () => {
    const { sql } = theatre.world.database
    theatre.clock.now = new Date()
    const { issued, employerOf } = sealedFilesOn(theatre)
    number = (await issued({ employerId: await employerOf('yamada') })).number
    const [row] = await sql`select current_database() as name`
    inbox = await openInbox()
    await new Promise<void>(resolve => { receiver.listen(0, '127.0.0.1', resolve) })
    const env = { PUBLIC_URL: 'http://akashi.test', DATABASE_URL: databaseAt(inject('databaseUrl'), String(row?.name)), SMTP_URL: inbox.url, SEED: 'none', LOG_LEVEL: 'error', WEBHOOK_PRIVATE_TARGETS: 'allow' }
    servers = [await ownInstance({ ...env, DATA_DIR: dataDir }), await ownInstance({ ...env, SIGNER_SOCKET: socketPathFor(dataDir) })]
    browser = await openBrowser()
    ;[officer, decider] = await Promise.all(servers.map(({ url }) => visitorWith(browser, url))) as [Visitor, Visitor]
    for (const [visitor, who, server] of [[officer, 'minato', servers[0]], [decider, 'kobayashi', servers[1]]] as const) {
      const [name = '', value = ''] = theatre.cookieOf(who).split('=')
      await visitor.page.context().addCookies([{ name, value, url: server?.url ?? '' }])
    }
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    for (const server of servers) await server.stop()
    receiver.closeAllConnections()
    receiver.close()
    await inbox?.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const within = async (seconds: number, what: string, done: () => Promise<boolean> | boolean) => {
    for (const end = Date.now() + seconds * 1000; !await done(); await new Promise(resolve => setTimeout(resolve, 200))) if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`)
  }
  const json = async (server: Instance | undefined, at: string) => (await fetch(`${server?.url}${at}`, { headers: { accept: 'application/json' } })).json() as Promise<Record<string, never>>

  it('the buyer watches, puts its dates into a calendar, makes a webhook and a key', { timeout: 120_000 }, async () => {
    await officer.open(`/watchlist/add?q=${number}`)
    await officer.page.getByRole('button', { name: /^加える/ }).first().click()
    expect(await officer.text()).toContain('見守り先に加えました')
    await officer.open('/webhooks')
    await officer.inspect('webhooks-empty')
    await officer.submit('/webhooks', { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook` })
    expect(await officer.page.locator('#secret').inputValue()).toMatch(/^whsec_/)
    await officer.inspect('webhook-made')
    await officer.open('/buyer/keys')
    await officer.submit('/buyer/keys', { name: '購買システム' })
    expect(await officer.page.locator('#key').inputValue()).toMatch(/^ak_/)
    await officer.inspect('api-keys')
    await officer.open('/calendar')
    await officer.submit('/calendar')
    calendar = new URL(await officer.page.locator('#feed').inputValue()).pathname
    expect(officer.flaws).toEqual([])
  })

  it('one decision on one server: page, register, badge, status list, mail, webhook and calendar of both follow within a minute', { timeout: 180_000 }, async () => {
    for (const server of servers) expect([(await json(server, `/c/${number}`)).standing, new ICAL.Component(ICAL.parse(await (await fetch(`${server.url}${calendar}`)).text())).getAllSubcomponents('vevent').length]).toEqual(['certified', 2])
    const listBefore = await (await fetch(`${servers[0]?.url}/credentials/status`)).text()
    await decider.open('/standings?q=%E5%B1%B1%E7%94%B0')
    await decider.inspect('standings')
    await decider.page.locator('.register-name a').first().click()
    await decider.inspect('standing')
    await decider.submit('/standing', { change: 'suspended', reasonClass: 'zero_tolerance', reasons: '身分証明書が会社に預けられていた。' })
    const begun = Date.now()
    expect(await decider.text()).toContain('効力停止中')
    for (const [nth, server] of servers.entries()) {
      await within(60, `page ${nth}`, async () => String((await json(server, `/c/${number}`)).standing) === 'suspended')
      await within(60, `register ${nth}`, async () => JSON.stringify(await json(server, `/register?q=${number}`)).includes('"standing":"suspended"'))
      await within(60, `badge ${nth}`, async () => (await (await fetch(`${server.url}/c/${number}/badge.svg?lang=ja`)).text()).includes('停止'))
      await within(60, `status list ${nth}`, async () => await (await fetch(`${server.url}/credentials/status`)).text() !== listBefore)
      await within(60, `changes ${nth}`, async () => JSON.stringify(await json(server, '/register/changes')).includes('zero_tolerance'))
      await within(60, `calendar ${nth}`, async () => (await (await fetch(`${server.url}${calendar}`)).text()).includes('証書の期限')) // still there: it is suspended, not over
    }
    await within(60, 'mail', () => inbox.mails.some(({ to, subject }) => to === 'watanabe@minato-motors.example' && subject.includes('効力停止中')))
    await officer.open('/alerts?lang=ja')
    expect(await officer.text()).toMatch(/山田プレス工業[\s\S]*効力停止中/)
    await officer.inspect('alerts')
    await officer.open('/webhooks')
    await officer.page.locator('.register-name a').first().click()
    await within(30, 'the dead receiver in the log', async () => { await officer.page.reload(); return (await officer.text()).includes('HTTP 503') })
    await officer.inspect('webhook-log')
    dead = false
    await within(60, 'webhook', () => hooks.length > 0)
    expect([JSON.parse(hooks[0]?.body ?? '{}').data.standing, Date.now() - begun < 60_000, officer.flaws, decider.flaws]).toEqual(['suspended', true, [], []])
  })

  it('a withdrawal takes the dates out of the calendar', { timeout: 60_000 }, async () => {
    await decider.submit('/standing', { change: 'withdrawn', reasonClass: 'zero_tolerance', reasons: '改められなかった。' })
    for (const server of servers) await within(60, 'calendar', async () => !(await (await fetch(`${server.url}${calendar}`)).text()).includes('証書の期限'))
  })
})
