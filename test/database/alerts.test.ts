import { describe, expect, it } from 'vitest'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Somebody with SQL in their hands tries to break what is promised to watchers and their programs. Every attempt names the promise that stopped it.
const theatre = await stage()
const { as, runJobs, world: { database: { sql } } } = theatre
const { issued, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada') })
const minato = as('minato')
await minato.post('/watchlist', { number })
const { body: endpoint } = await minato.post('/webhooks', { url: 'http://127.0.0.1:1/' })
const { body: { made } } = await minato.post('/buyer/keys', { name: 'x', scopes: ['check'] })
const happens = (event: string) => sql`insert into certificate_events (id, certificate_id, event, happened_on, reason_class, actor) select gen_random_uuid(), id, ${event}, '2026-11-24', 'overdue', 'clock' from certificates where number = ${number}`
await happens('suspended')
await runJobs()
await minato.post(`/buyer/keys/${(await minato.get('/buyer/keys')).body.keys[0].id}/revocation`)

const attempt = (statement: string): Promise<string> => sql.unsafe(statement).then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

describe('Postgres keeps what watchers were told', () => {
  it('there is something to break', async () => {
    const [counts] = await sql`select (select count(*)::int from alerts) as alerts, (select count(*)::int from webhook_deliveries) as deliveries, (select count(*)::int from api_keys where revoked_at is not null) as revoked`
    expect(counts).toEqual({ alerts: 1, deliveries: 1, revoked: 1 })
  })

  it.each([
    ['update alerts set at = now()', 'alerts_are_kept'], ['update alerts set supplier_id = supplier_id, change_seq = 1', 'alerts_are_kept'], ['delete from alerts', 'alerts_are_kept'],
    ['insert into alerts (id, buyer_id, supplier_id, change_seq) select gen_random_uuid(), buyer_id, supplier_id, change_seq from alerts', 'alert_tells_a_change_once'],
    [`update webhook_deliveries set payload = '{"standing": "certified"}'`, 'webhook_deliveries_are_kept'], ['update webhook_deliveries set alert_id = null', 'webhook_deliveries_are_kept'], ['delete from webhook_deliveries', 'webhook_deliveries_are_kept'],
    ["update webhook_deliveries set state = 'lost'", 'delivery_state_is_known'], ['insert into webhook_deliveries (id, endpoint_id, alert_id, payload) select gen_random_uuid(), endpoint_id, alert_id, payload from webhook_deliveries', 'alert_goes_to_an_endpoint_once'],
    ["update webhook_endpoints set former_secret = 'x'", 'former_secret_ends'],
    ['update api_keys set revoked_at = null', 'api_keys_are_kept'], ["update api_keys set key_hash = 'x'", 'api_keys_are_kept'], ["update api_keys set scopes = array['check', 'watchlist']", 'api_keys_are_kept'], ['delete from api_keys', 'api_keys_are_kept'],
    ["insert into api_keys (id, buyer_id, name, key_hash, beginning, scopes, created_by) select gen_random_uuid(), buyer_id, 'y', 'y', 'y', array['everything'], created_by from api_keys", 'scopes_are_known'],
    ["insert into api_keys (id, buyer_id, name, key_hash, beginning, scopes, created_by) select gen_random_uuid(), buyer_id, 'y', key_hash, 'y', scopes, created_by from api_keys", 'api_key_is_known_by_its_hash'],
  ])('%s → %s', async (statement, promise) => expect(await attempt(statement)).toBe(promise))

  it('also from a session that calls itself a replica', async () => {
    const replica = sql.begin(async tx => {
      await tx.unsafe('set local session_replication_role = replica')
      await tx.unsafe('delete from alerts')
    })
    await expect(replica).rejects.toMatchObject({ constraint_name: 'alerts_are_kept' })
  })

  it('what may change does: seen, tried, delivered, renamed', async () => {
    for (const statement of ['update alerts set seen_at = now()', "update webhook_deliveries set state = 'delivered', tries = 3, delivered_at = now()", "update api_keys set name = 'z', last_used_at = now()"]) expect([statement, await attempt(statement)]).toEqual([statement, 'went through'])
  })
})

describe('the watchers are told of it by the statement itself', () => {
  const queued = async () => Number((await sql`select count(*)::int as n from graphile_worker.jobs where task_identifier = 'tell_watchers'`)[0]?.n)

  it('one job, whoever writes the event, and none of what was rolled back', async () => {
    expect(await queued()).toBe(0)
    await sql.begin(async tx => {
      await tx`insert into certificate_events (id, certificate_id, event, happened_on, actor) select gen_random_uuid(), id, 'reinstated', '2026-11-24', 'clock' from certificates where number = ${number}`
      throw new Error('never mind')
    }).catch(() => undefined)
    expect(await queued()).toBe(0)
    await happens('reinstated')
    await happens('suspended')
    expect(await queued()).toBe(1)
  })
})

describe('secrets', () => {
  it('of a webhook and a key are nowhere but where they must be', async () => {
    const tables = await sql<{ name: string }[]>`select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`
    const found: string[] = []
    for (const { name } of tables) for (const [what, secret] of [['webhook', endpoint.secret], ['key', made.key]]) {
      const [row] = await sql.unsafe(`select count(*)::int as n from ${name} t where position($1 in t::text) > 0`, [secret])
      if (row?.n) found.push(`${what} in ${name}`)
    }
    expect([endpoint.secret.length > 30, made.key.length > 30, found]).toEqual([true, true, ['webhook in public.webhook_endpoints']])
  })
})
