import { randomInt, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { playJourney } from '../../scripts/journey/story.ts'
import { mulberry32 } from '../support/deadly-moments.ts'
import { until } from '../support/held-tables.ts'
import { killableServer, type KillableServer, type Part } from '../support/killable-server.ts'
import { databaseAt } from '../support/postgres.ts'
import { expectVerified, expectWhole } from '../support/whole-register.ts'

// The whole story, in which server, job runner and signer are each killed with -9 once. FAULT_SEED repeats a run.
const seed = Number(process.env.FAULT_SEED ?? randomInt(2 ** 31))
const random = mulberry32(seed)
// After which line of the story: not before the company is founded, because the inbox of development dies with its server.
const moments = new Map<number, Part>((['jobs', 'server', 'signer'] as const).map((part, third) => [4 + third * 5 + Math.floor(random() * 5), part]))

const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-deaths-'))
const died: Part[] = []
let sql: postgres.Sql, server: KillableServer, number: string, story: string[]

beforeAll(async () => {
  console.log(`FAULT_SEED=${seed}: ${[...moments].map(([line, part]) => `${part} after line ${line}`).join(', ')}`)
  const name = `t_${randomUUID().replaceAll('-', '')}`
  const admin = postgres(inject('databaseUrl'), { max: 1, onnotice() {} })
  await admin.unsafe(`create database ${name} template akashi_template strategy file_copy`)
  await admin.end()
  sql = postgres(databaseAt(inject('databaseUrl'), name), { max: 2, onnotice() {} })
  server = await killableServer({ DATA_DIR: dataDir, DATABASE_URL: databaseAt(inject('databaseUrl'), name), SEED: 'cast' })
  await server.start()
  await until('the server to be ready', async () => (await fetch(`${server.url}/health/ready`)).ok)
  const dying: Promise<void>[] = []
  story = []
  const tell = (line: string) => {
    story.push(line)
    const part = moments.get(story.length)
    if (part) dying.push(die(part))
  }
  number = (await playJourney(server.url, tell)).number
  await Promise.all(dying)
}, 180_000)
afterAll(async () => {
  await server?.stop()
  await sql?.end()
  rmSync(dataDir, { recursive: true, force: true })
})

async function die(part: Part) {
  await server.kill(part)
  died.push(part)
  if (part === 'server') await server.start()
}

it('loses each of the three processes once', () => expect([...died].sort()).toEqual(['jobs', 'server', 'signer']))

it('ends with one certificate, one number, one file, that a stranger can check', { timeout: 60_000 }, async () => {
  await until('the log to be published', async () => (await sql`select 1 from log_checkpoints where size = (select size from log_state)`).length > 0)
  expect(await sql`select number from certificates`).toEqual([{ number }])
  await expectWhole(sql, path.join(dataDir, 'documents'), 1)
  await expectVerified(server.url, number)
})

it('has a journal row for each change of stage, and one only', async () => {
  const [steps] = await sql<{ steps: number; kinds: number }[]>`
    select count(*)::int as steps, count(distinct operation)::int as kinds from journal where operation like 'applications.%' and after ? 'stage' and operation <> 'applications.certify'`
  expect(steps?.steps).toBe(steps?.kinds)
  expect(await sql`select stage from applications`).toEqual([{ stage: 'certified' }])
})
