import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Logger, runOnce } from 'graphile-worker'
import pino from 'pino'
import postgres from 'postgres'
import { afterAll, inject } from 'vitest'
import { castOf, seed, type CastName } from '../../scripts/seed.ts'
import { connect } from '../../server/adapters/database.ts'
import { diskDocuments } from '../../server/adapters/disk-documents.ts'
import type { Mail } from '../../server/adapters/mailer.ts'
import { outbound } from '../../server/adapters/outbound.ts'
import { diskSpool } from '../../server/adapters/spool.ts'
import { stubScanner } from '../../server/adapters/scanner.ts'
import { openKeys } from '../../server/adapters/keys.ts'
import { openSigner } from '../../server/adapters/signer.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { buildApp } from '../../server/app.ts'
import { tasks } from '../../server/jobs/tasks.ts'
import type { World } from '../../server/world.ts'
import { databaseAt } from './postgres.ts'

export const origin = 'http://akashi.test'
export type Answer = { status: number; body: any; text: string; location: string; headers: Record<string, unknown> }
export type File = { name: string; type: string; bytes: Uint8Array }

/** A stage of its own for one test file: a cloned database, real files on disk, development keys, mails in a list, the cast signed in. */
export async function stage() {
  const url = inject('databaseUrl'), name = `t_${randomUUID().replaceAll('-', '')}`
  const admin = postgres(url, { max: 1, onnotice() {} })
  await admin.unsafe(`create database ${name} template akashi_template strategy file_copy`)
  await admin.end()
  const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-files-'))
  const mails: Mail[] = []
  const clock = { now: new Date('2026-11-24T01:00:00Z') }
  const world: World = {
    database: connect(databaseAt(url, name)), documents: diskDocuments(path.join(dataDir, 'documents')), spool: diskSpool(path.join(dataDir, 'spool')), scanner: stubScanner(),
    signer: await openSigner({ dataDir: inject('keysDir') }), ...await openKeys(inject('keysDir')),
    timeStamps: await openTimeStamps({ dataDir: inject('keysDir'), now: () => clock.now }), outbound: outbound({ privateTargets: true }), mailer: { send: async mail => void mails.push(mail), close() {} },
    sealProfile: 'B-T', now: () => clock.now, publicUrl: origin, uploadLimitBytes: 50 * 1024 * 1024, trustProxy: false, development: true,
  }
  await seed(world)
  const app = await buildApp(world, pino({ level: process.env.TEST_LOG ?? 'silent' }))
  afterAll(async () => {
    await app.close()
    await world.database.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const inHand = async () => Number((await world.database.sql`select count(*)::int as jobs from graphile_worker.jobs where locked_at is not null`)[0]?.jobs)
  const send = async (method: 'GET' | 'POST', path: string, sent: Sent = {}): Promise<Answer> => {
    const reply = await app.inject({ method, url: path, ...payloadOf(sent), headers: headersOf(sent) })
    return { status: reply.statusCode, body: json(reply.body), text: reply.body, location: String(reply.headers.location ?? ''), headers: reply.headers }
  }

  const someone = (cookie?: string) => ({
    get: (path: string) => send('GET', path, { cookie }),
    page: (path: string, lang = 'ja') => send('GET', path, { cookie: [cookie, `lang=${lang}`].filter(Boolean).join('; '), accept: 'text/html' }),
    post: (path: string, body: unknown = {}) => send('POST', path, { cookie, body }),
    /** As a browser sends a form: urlencoded, wanting HTML. */
    submit: (path: string, body: Record<string, string> = {}) => send('POST', path, { cookie, body, form: true, accept: 'text/html' }),
    upload: (path: string, file: File, fields: Record<string, string> = {}) => send('POST', path, { cookie, ...multipart(file, fields) }),
  })

  const cookies = new Map<string, string>()
  const [people] = [await world.database.sql<{ id: string; email: string }[]>`select id, email from people`]
  for (const [key, person] of Object.entries(castOf)) {
    const answer = await send('POST', `/sign-in/as/${people.find(({ email }) => email === person.email)?.id}`)
    cookies.set(key, String([answer.headers['set-cookie']].flat().find(cookie => String(cookie).startsWith('akashi_session'))).split(';')[0] ?? '')
  }
  await world.database.sql`update sessions set expires_at = '2100-01-01'` // a test may wait for years, or live today
  const idOf = (who: CastName) => people.find(({ email }) => email === castOf[who].email)?.id ?? ''

  return {
    app, world, mails, clock, idOf, dataDir, databaseUrl: databaseAt(url, name), anybody: someone(), as: (who: CastName) => someone(cookies.get(who)), cookieOf: (who: CastName) => cookies.get(who) ?? '',
    /** Runs every waiting job to its end, as the runner would. */
    runJobs: async () => {
      await world.database.sql`update graphile_worker._private_jobs set run_at = now() where run_at > now() and attempts = 0` // what is to begin soon, begins
      await runOnce({ connectionString: databaseAt(url, name), taskList: tasks(world), logger: new Logger(() => () => undefined) })
      while (await inHand() > 0) await new Promise(resolve => setTimeout(resolve, 5)) // graphile-worker does not wait until a failure is written down
    },
  }
}

type Sent = { cookie?: string | undefined; body?: unknown; accept?: string; form?: boolean; payload?: Buffer; type?: string }

function payloadOf({ body, payload, form }: Sent): { payload?: Buffer | string } {
  if (payload) return { payload }
  if (body === undefined) return {}
  return { payload: form ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body) }
}

function headersOf({ cookie, accept = 'application/json', type, form, body }: Sent): Record<string, string> {
  const contentType = type ?? (form ? 'application/x-www-form-urlencoded' : body === undefined ? '' : 'application/json')
  return { host: 'akashi.test', origin, accept, 'cache-control': 'no-cache', ...(cookie ? { cookie } : {}), ...(contentType ? { 'content-type': contentType } : {}) }
}

function json(text: string): unknown {
  try { return JSON.parse(text) } catch { return undefined }
}

function multipart(file: File, fields: Record<string, string>) {
  const boundary = `----akashi${randomUUID()}`
  const parts = Object.entries(fields).map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')
  const head = `${parts}--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${file.name}"\r\ncontent-type: ${file.type}\r\n\r\n`
  return { payload: Buffer.concat([Buffer.from(head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]), type: `multipart/form-data; boundary=${boundary}` }
}
