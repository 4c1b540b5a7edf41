import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { fillRegister } from '../../scripts/bench/fill-register.ts'
import { ownInstance, type Instance } from '../../scripts/journey/instance.ts'
import { socketPathFor } from '../../server/adapters/signer/socket-path.ts'
import { addDays, addMonths, japanDate } from '../../server/domain/calendar.ts'
import { certificateSample } from '../support/certificate-sample.ts'
import { databaseAt } from '../support/postgres.ts'

// Two server processes on one database: what one keeps in memory must not hide what the other, or Postgres itself, has been told.
const today = japanDate(new Date())
const name = `t_${randomUUID().replaceAll('-', '')}`
const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-two-'))
let sql: postgres.Sql, servers: Instance[], numbers: string[]

beforeAll(async () => {
  const admin = postgres(inject('databaseUrl'), { max: 1, onnotice() {} })
  await admin.unsafe(`create database ${name} template akashi_template strategy file_copy`)
  await admin.end()
  const url = databaseAt(inject('databaseUrl'), name)
  sql = postgres(url, { max: 2, onnotice() {} })
  numbers = await fillRegister(sql, 20, certificateSample({ sample: true, issuedOn: today, expiresOn: addDays(addMonths(today, 36), -1) }))
  const env = { PUBLIC_URL: 'http://two.test', DATABASE_URL: url, SEED: 'none', LOG_LEVEL: 'error' }
  servers = [await ownInstance({ ...env, DATA_DIR: dataDir }), await ownInstance({ ...env, SIGNER_SOCKET: socketPathFor(dataDir) })] // one signer for both
}, 120_000)
afterAll(async () => {
  for (const server of servers) await server.stop()
  await sql.end()
  rmSync(dataDir, { recursive: true, force: true })
})

const read = async (server: Instance | undefined, number: string | undefined, headers: Record<string, string> = {}) => {
  const reply = await fetch(`${server?.url}/c/${number}`, { headers: { accept: 'text/html', 'accept-language': 'ja', ...headers } })
  return { reply, text: await reply.text() }
}
const seesSuspension = async (server: Instance | undefined, number: string | undefined) => (await read(server, number)).text.includes('効力停止中')
const suspend = (number: string | undefined) => sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor)
  select ${randomUUID()}, id, 'suspended', ${today}, 'overdue', 'clock' from certificates where number = ${number ?? ''}`

async function secondsUntilBothSee(number: string | undefined): Promise<number> {
  const begun = performance.now()
  const seen = async (server: Instance) => {
    while (!await seesSuspension(server, number)) await new Promise(resolve => setTimeout(resolve, 50))
  }
  await Promise.all(servers.map(seen))
  return (performance.now() - begun) / 1000
}

describe('two servers on one database', () => {
  it('give a kept page again without asking Postgres', async () => {
    const [number] = numbers
    for (const server of servers) await read(server, number)
    await sql.begin(async tx => {
      await tx`lock table certificates in access exclusive mode` // whoever asked Postgres would wait
      for (const server of servers) for (let reading = 0; reading < 50; reading += 1) expect((await read(server, number)).reply.status).toBe(200)
    })
  })

  it('both show a suspension that neither of them wrote, within a minute', async () => {
    const [, number] = numbers
    for (const server of servers) { await read(server, number); await read(server, number) }
    await suspend(number)
    expect(await secondsUntilBothSee(number)).toBeLessThan(60)
  })

  it('show it within a minute also when Postgres lost the connections that listen', async () => {
    const [, , number] = numbers
    for (const server of servers) { await read(server, number); await read(server, number) }
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and query ilike '%listen%' and pid <> pg_backend_pid()`
    await suspend(number)
    expect(await secondsUntilBothSee(number)).toBeLessThan(60)
  }, 90_000)

  it('keep languages, programs and encodings apart, and answer 304 to a reader who has the page', async () => {
    const [, , , number] = numbers
    const [server] = servers
    for (let time = 0; time < 3; time += 1) {
      const [ja, en, program, packed] = await Promise.all([read(server, number), read(server, number, { 'accept-language': 'en' }), read(server, number, { accept: 'application/json' }), read(server, number, { 'accept-encoding': 'br' })])
      expect(await Promise.all(['gzip', 'br'].map(async encoding => (await read(server, number, { 'accept-encoding': encoding })).reply.headers.get('content-encoding')))).toEqual(['gzip', 'br'])
      expect([/<html lang="ja"/.test(ja.text), /<html lang="en"/.test(en.text), JSON.parse(program.text).number, packed.text === ja.text]).toEqual([true, true, number, true])
      const etag = ja.reply.headers.get('etag') ?? ''
      expect([etag.length > 10, (await read(server, number, { 'if-none-match': etag })).reply.status, ja.reply.headers.get('content-security-policy')?.includes("default-src 'self'")]).toEqual([true, 304, true])
    }
  })

  it('let nobody say for others what their headers ask for', async () => {
    const [, , , , number] = numbers
    const [server] = servers
    const reader = { accept: 'text/html,*/*', 'accept-language': 'ja, en;q=0.5' }
    await read(server, number, { accept: 'application/json', 'accept-language': 'en' })
    await read(server, `${number}?lang=${encodeURIComponent('undefined text/html,*/*')}`, { accept: 'ja,', 'accept-language': 'en;q=0.5' })
    expect((await read(server, number, reader)).text).toMatch(/^<!doctype html>\s*<html lang="ja"/i)
  })
})
