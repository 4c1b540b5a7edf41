import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Sql } from 'postgres'
import { bigRegister } from './big-register.ts'
import type { Measured } from './row.ts'

const watchers = 1000

/** One status change, a thousand buyers that watch, each with a member who gets a mail and a receiver of its own address: when the last one has it. */
export async function webhooks(tell: (line: string) => void): Promise<Measured[]> {
  const one = await bigRegister(100, { WEBHOOK_PRIVATE_TARGETS: 'allow' })
  const arrived: number[] = []
  let begun = 0
  const receiver = createServer((request, reply) => { request.resume().on('end', () => { arrived.push((performance.now() - begun) / 1000); reply.writeHead(204).end() }) })
  await new Promise<void>(resolve => { receiver.listen(0, '127.0.0.1', resolve) })
  try {
    const { sql } = one, { number } = one.at(0), port = (receiver.address() as AddressInfo).port
    await sql`insert into people (id, email, name, locale) select gen_random_uuid(), 'b-bench-' || n || '@bench.example', 'B-BENCH-' || n, 'ja' from generate_series(1, ${watchers}::int) n`
    await sql`insert into buyers (id, name_ja, name_en, code, created_by) select gen_random_uuid(), name, name, name, id from people where email like '%@bench.example'`
    await sql`insert into suppliers (id, buyer_id, name, holder, matched, added_by) select gen_random_uuid(), id, 'watched', holder_of(${number}), 'number', created_by from buyers`
    await sql`insert into buyer_members (person_id, buyer_id) select p.id, b.id from people p join buyers b on p.email = lower(b.code) || '@bench.example'`
    await sql`insert into webhook_endpoints (id, buyer_id, url, secret, created_by) select gen_random_uuid(), id, ${`http://127.0.0.1:${port}/`} || code, 'whsec_' || encode(sha256(code::bytea), 'base64'), created_by from buyers where code like 'B-BENCH-%'`
    await sql.unsafe('alter table certificate_events enable trigger event_is_on_the_register; alter table certificate_events enable trigger event_is_in_the_log; alter table register_entries enable trigger user')
    for (const end = Date.now() + 60_000; (await sql`select 1 from graphile_worker._private_known_crontabs`).length === 0 && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 50)) // the runner is a process of its own: it has begun
    begun = performance.now()
    await sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor) select gen_random_uuid(), id, 'suspended', ${one.today}, 'overdue', 'clock' from certificates where number = ${number}`
    const mailing = whenMailed(sql, begun)
    mailing.catch(() => undefined) // told below; when the webhooks fail first, that is the news
    for (const end = Date.now() + 120_000; arrived.length < watchers && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 50))
    if (arrived.length < watchers) throw new Error(`only ${arrived.length} webhooks arrived`)
    const sorted = arrived.toSorted((a, b) => a - b), promise = { name: 'promise', value: 60 }
    const mailed = await mailing
    tell(`first after ${sorted[0]?.toFixed(2)} s`)
    return [
      { name: `status change → webhook received, the last of ${watchers.toLocaleString('en')} watchers`, value: sorted.at(-1) ?? Number.NaN, unit: 's', reference: promise, bar: 1, atMost: true },
      { name: 'the same, p95', value: sorted[Math.floor(watchers * 0.95)] ?? Number.NaN, unit: 's', reference: promise, bar: null },
      { name: 'the same change, the last of their mails taken by the mail server', value: mailed, unit: 's', reference: promise, bar: 1, atMost: true },
    ]
  } finally {
    receiver.closeAllConnections()
    receiver.close()
    await one.close()
  }
}

async function whenMailed(sql: Sql, begun: number): Promise<number> {
  for (const end = Date.now() + 180_000; Date.now() < end;) {
    const [row] = await sql<{ sent: number }[]>`select count(sent_at)::int as sent from mails where template = 'supplier_changed'`
    if ((row?.sent ?? 0) >= watchers) return (performance.now() - begun) / 1000
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('not every mail was sent')
}
