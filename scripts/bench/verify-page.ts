import { fork } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import autocannon from 'autocannon'
import { socketPathFor } from '../../server/adapters/signer/socket-path.ts'
import { ownInstance, type Instance } from '../journey/instance.ts'
import { registerDatabase } from './register-database.ts'
import { byTurns, median, type Measured } from './row.ts'

const certificates = 100_000
const popular = 1000
const rounds = 5
const seconds = 3
const asked = { accept: 'text/html', 'accept-language': 'ja' }
// Visitors come from many addresses; one of them alone would meet the ceiling against floods.
const visitor = () => ({ ...asked, 'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}` })
type Database = Awaited<ReturnType<typeof registerDatabase>>

/** The page of a certificate, as people open it, against bare Fastify sending the same bytes; and how soon a second server tells of a suspension. */
export async function verifyPage(tell: (line: string) => void): Promise<Measured[]> {
  tell(`filling a register with ${certificates.toLocaleString('en')} certificates`)
  const database = await registerDatabase(certificates)
  tell(`filled in ${database.seconds.toFixed(0)} s, log included; starting two servers`)
  const dataDir = path.join(database.directory, 'data')
  const env = { PUBLIC_URL: 'http://bench.invalid', DATABASE_URL: database.url, SEED: 'none', LOG_LEVEL: 'warn', TRUST_PROXY: 'true' }
  const servers = [await ownInstance({ ...env, DATA_DIR: dataDir }), await ownInstance({ ...env, SIGNER_SOCKET: socketPathFor(dataDir) })] as const // one signer for both
  try {
    await quiet(database, tell)
    return [...await throughput(servers[0], database, tell), await untilToldEverywhere(servers, database)]
  } finally {
    for (const server of servers) await server.stop()
    await database.close()
  }
}

async function throughput({ url }: Instance, { numbers }: Database, tell: (line: string) => void): Promise<Measured[]> {
  const some = Array.from({ length: popular }, () => numbers[randomInt(certificates)] ?? '')
  const page = await fetch(`${url}/c/${some[0]}`, { headers: visitor() })
  const headers = Object.fromEntries([...page.headers].filter(([name]) => !/^(connection|keep-alive|date|transfer-encoding|content-length|x-ratelimit.*)$/.test(name)))
  const bare = fork(new URL('./bare-server.ts', import.meta.url).pathname)
  bare.send({ body: await page.text(), headers })
  const [bareUrl] = await once(bare, 'message') as [string]
  for (const number of some) await fetch(`${url}/c/${number}`, { headers: visitor() }) // read before, as on any other day
  tell(`${rounds} rounds of ${seconds} s each`)
  const rates = await byTurns(rounds, { bare: () => load(bareUrl, some), popular: () => load(url, some), anyNumber: () => load(url, Array.from({ length: 20_000 }, () => numbers[randomInt(certificates)] ?? '')) })
  bare.disconnect()
  const limit = { name: 'bare Fastify, same bytes', value: rates.bare }
  return [
    { name: `verify page, HTML, ${popular} much-read of ${certificates.toLocaleString('en')} certificates`, value: rates.popular, unit: 'requests/s', reference: limit, bar: 0.5 },
    { name: `verify page, HTML, any of ${certificates.toLocaleString('en')}: hardly ever read before`, value: rates.anyNumber, unit: 'requests/s', reference: limit, bar: null },
  ]
}

// A hundred thousand lines arrived at once, which never happens: the runners publish them first.
async function quiet({ sql }: Database, tell: (line: string) => void) {
  const begun = performance.now()
  const open = async () => Number((await sql`select count(*)::int as jobs from graphile_worker.jobs where run_at <= now() or locked_at is not null`)[0]?.jobs)
  while (await open() > 0) await new Promise(resolve => setTimeout(resolve, 500))
  tell(`the log was published in ${((performance.now() - begun) / 1000).toFixed(0)} s`)
}

async function load(url: string, numbers: readonly string[], duration = seconds): Promise<number> {
  const result = await autocannon({ url, connections: 20, duration, requests: numbers.map(number => ({ path: `/c/${number}`, headers: visitor() })) })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`)
  return result.requests.total / result.duration
}

async function untilToldEverywhere(servers: readonly Instance[], { sql, numbers, today }: Database): Promise<Measured> {
  const delays: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const number = numbers[round] ?? ''
    const standing = async ({ url }: Instance) => ((await (await fetch(`${url}/c/${number}`, { headers: { accept: 'application/json' } })).json()) as { standing: string }).standing
    for (const server of [...servers, ...servers]) await standing(server)
    const begun = performance.now()
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor) select ${randomUUID()}, id, 'suspended', ${today}, 'overdue', 'clock' from certificates where number = ${number}`
    for (const server of servers) while (await standing(server) !== 'suspended') await new Promise(resolve => setTimeout(resolve, 5))
    delays.push((performance.now() - begun) / 1000)
  }
  return { name: 'suspension shown by two server processes that had the page in memory', value: median(delays), unit: 's', reference: { name: 'promise', value: 60 }, bar: 1, atMost: true }
}
