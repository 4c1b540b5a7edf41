import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import createClient from 'openapi-fetch'
import { afterAll, describe, expect, it } from 'vitest'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, as, clock, runJobs, world: { database: { sql } } } = theatre
const { issued, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada') })
const minato = as('minato')
const directory = mkdtempSync(path.join(tmpdir(), 'akashi-openapi-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const made = async (scopes: string[], more = {}) => (await minato.post('/buyer/keys', { name: '購買システム', scopes, ...more })).body.made.key as string
const ask = async (key: string, url: string, method: 'GET' | 'POST' = 'GET', payload?: object) => (await app.inject({ method, url, ...(payload ? { payload } : {}), headers: { host: 'akashi.test', accept: 'application/json', authorization: `Bearer ${key}` } })).statusCode

describe('an API key', () => {
  it('is shown once, kept as a hash, and opens what it may and nothing else', async () => {
    const key = await made(['check'])
    const { body } = await minato.get('/buyer/keys')
    expect([key.startsWith('ak_'), body.made, body.keys[0], JSON.stringify(body).includes(key)]).toMatchObject([true, null, { beginning: key.slice(0, 8), scopes: ['check'], lastUsedAt: null }, false])
    expect((await sql`select count(*)::int as n from api_keys where key_hash = ${key} or beginning = ${key}`)[0]?.n).toBe(0)
    expect([await ask(key, '/lists', 'POST', { rows: [{ number }] }), await ask(key, `/c/${number}`), await ask(key, '/watchlist.json'), await ask(key, '/watchlist/changes'), await ask(key, '/buyer'), await ask(key, '/buyer/keys', 'POST', { name: 'x', scopes: ['check'] }), await ask(key, '/webhooks')]).toEqual([201, 200, 403, 403, 403, 403, 403])
    expect((await minato.get('/buyer/keys')).body.keys[0].lastUsedAt).toBe(clock.now.toISOString())
  })

  it('by its scopes reads the watchlist and the changes', async () => {
    const key = await made(['watchlist', 'changes'])
    expect([await ask(key, '/watchlist.json'), await ask(key, '/watchlist', 'POST', { number }), await ask(key, '/watchlist/changes'), await ask(key, '/lists', 'POST', { rows: [{ number }] }), await ask(key, `/c/${number}`)]).toEqual([200, 201, 200, 403, 403])
  })

  it('ends when revoked or expired, also where none is needed; an invented one is none', async () => {
    const [one, other] = [await made(['check']), await made(['check'], { days: '30' })]
    const { keys } = (await minato.get('/buyer/keys')).body
    await minato.post(`/buyer/keys/${keys.find((key: { beginning: string }) => key.beginning === one.slice(0, 8)).id}/revocation`)
    const before = clock.now
    expect([await ask(one, '/lists/template.csv'), await ask(one, `/c/${number}`), await ask('ak_invented', `/c/${number}`), await ask(other, `/c/${number}`)]).toEqual([401, 401, 401, 200])
    clock.now = new Date(before.getTime() + 31 * 86_400_000)
    expect(await ask(other, `/c/${number}`)).toBe(401)
    clock.now = before
  })

  it('sleeps while whoever made it is no member', async () => {
    const key = await made(['watchlist'])
    const id = theatre.idOf('minato')
    const left = await sql`delete from buyer_members where person_id = ${id} returning *`
    expect(await ask(key, '/watchlist.json')).toBe(401)
    await sql`insert into buyer_members ${sql(left)}`
    expect(await ask(key, '/watchlist.json')).toBe(200)
  })

  it('is its buyer’s: another cannot revoke it, and it opens nothing of another', async () => {
    const key = await made(['check'])
    const { keys } = (await minato.get('/buyer/keys')).body
    expect((await as('hoshi').post(`/buyer/keys/${keys[0].id}/revocation`)).status).toBe(404)
    const { body: { id } } = await as('hoshi').post('/lists', { rows: [{ name: 'x' }] })
    expect(await ask(key, `/lists/${id}`)).toBe(404)
    await expect(sql`update api_keys set revoked_at = null where revoked_at is not null`).rejects.toMatchObject({ constraint_name: 'api_keys_are_kept' })
  })

  it.each([[{ name: '', scopes: ['check'] }], [{ name: 'x', scopes: [] }], [{ name: 'x' }], [{ name: 'x', scopes: ['everything'] }], [{ name: 'x', scopes: ['check'], days: '5' }]])('is not made of %j', async body => expect((await minato.post('/buyer/keys', body)).status).toBe(422))
})

describe('the OpenAPI document', () => {
  // Of two paths that fit, ours is the one with more fixed words (/c/files/… before /c/{number}/…): that rule alone is off.
  it('lints clean', { timeout: 30_000 }, async () => {
    const { text } = await theatre.anybody.get('/openapi.json')
    const problems = await lintFromString({ source: text, absoluteRef: path.join(directory, 'openapi.json'), config: await createConfig({ extends: ['recommended'], rules: { 'no-ambiguous-paths': 'off' } }) })
    expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`).slice(0, 20)).toEqual([])
  })

  it('makes a client that runs the bulk check', { timeout: 60_000 }, async () => {
    const file = path.join(directory, 'openapi.json'), { text } = await theatre.anybody.get('/openapi.json')
    writeFileSync(file, text)
    const types = execFileSync(process.execPath, [new URL('../support/generate-client.mjs', import.meta.url).pathname, file], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    for (const used of ['"/lists"', '"/lists/{id}"', '"/lists/{id}/result.json"', 'lists.make']) expect(types).toContain(used)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const client = createClient<Record<string, Record<string, unknown>>>({ baseUrl: url, headers: { authorization: `Bearer ${await made(['check'])}`, accept: 'application/json' } }) as unknown as {
      POST(path: string, init: object): Promise<{ data?: { id: string } }>; GET(path: string, init: object): Promise<{ data?: { state: string; lines: { outcome: string; number: string; standing: string }[] } }>
    }
    const { data: list } = await client.POST('/lists', { body: { name: '購買システムから', rows: [{ number }, { name: '知らない会社' }] } })
    await runJobs()
    const { data: page } = await client.GET('/lists/{id}', { params: { path: { id: list?.id ?? '' } } })
    const { data: result } = await client.GET('/lists/{id}/result.json', { params: { path: { id: list?.id ?? '' } } })
    expect([page?.state, result?.lines.map(({ outcome, number: found, standing }) => [outcome, found, standing])]).toEqual(['ready', [['number', number, 'certified'], ['not_found', '', '']]])
  })
})
