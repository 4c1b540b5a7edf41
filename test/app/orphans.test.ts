import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, inject, it } from 'vitest'
import { until } from '../support/held-tables.ts'
import { killableServer, type KillableServer } from '../support/killable-server.ts'
import { databaseAt } from '../support/postgres.ts'

// A server that dies with -9 leaves nobody behind: a runner or a signer without a keeper would work beside its successor for ever.
const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-orphans-'))
let server: KillableServer

beforeAll(async () => {
  const name = `t_${randomUUID().replaceAll('-', '')}`
  const admin = postgres(inject('databaseUrl'), { max: 1, onnotice() {} })
  await admin.unsafe(`create database ${name} template akashi_template strategy file_copy`)
  await admin.end()
  server = await killableServer({ DATA_DIR: dataDir, DATABASE_URL: databaseAt(inject('databaseUrl'), name) })
})
afterAll(async () => {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

// A dead child of a dead parent stays as a zombie where nobody reaps: it has no command line any more.
const lives = (pid: number) => existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== ''

it.each(['jobs', 'signer'] as const)('the %s end with a server that dies while they start, run, or are just begun', { timeout: 90_000 }, async part => {
  for (const startedFor_ms of [0, 250, 600, 1500]) {
    await server.start()
    await server.kill(part)
    const successor = await server.living(part)
    await new Promise(resolve => setTimeout(resolve, startedFor_ms))
    await server.kill('server')
    await until(`the ${part} of a dead server to end`, async () => !lives(successor))
  }
})
