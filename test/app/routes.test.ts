import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Role } from '../../server/domain/roles.ts'
import { stage } from '../support/world.ts'

const { app, as, anybody } = await stage()
const someone: Record<Role | 'anybody', ReturnType<typeof as>> = { anybody, applicant: as('outsider'), operator: as('suzuki'), assessor: as('sato'), decision_maker: as('tanaka'), committee_member: as('ito'), buyer: as('minato') }
const everybody = Object.keys(someone) as (Role | 'anybody')[]

// Ids that nobody has: a wrong role must learn nothing, a right one only that there is no such thing.
const filled = (url: string) => url.replaceAll(/:criterion\b/g, 'RE-01.1').replaceAll(/:section\b/g, 'S01').replaceAll(/:kind\b/g, 'code_of_conduct')
  .replaceAll(/:number\b/g, 'RE-JP-2027-000001-1-A').replaceAll(/:name\b/g, 'x.css').replaceAll(/:\w+/g, () => randomUUID())
const routes = app.routeTable.filter(({ method }) => method === 'GET' || method === 'POST')

const expectedFor = (who: Role | 'anybody', may: typeof routes[number]['may']) => {
  if (may === 'anyone') return 'admitted'
  if (who === 'anybody') return 401
  return may === 'signed_in' || may.includes(who) ? 'admitted' : 403
}

describe('every route says who may call it, and keeps its word', () => {
  it('knows the routes', () => expect(routes.length).toBeGreaterThan(50))

  it.each(routes.map(route => [`${route.method} ${route.url}`, route] as const))('%s', async (_, { method, url, may }) => {
    const answers = await Promise.all(everybody.filter(who => !(url === '/sign-out' && who !== 'anybody')).map(async who => {
      const { status } = method === 'GET' ? await someone[who].get(filled(url)) : await someone[who].post(filled(url), {})
      const expected = expectedFor(who, may)
      return { who, kept: expected === 'admitted' ? status !== 401 && status < 500 : status === expected, status }
    }))
    expect(answers.filter(({ kept }) => !kept)).toEqual([])
  })

  it.each(routes.filter(({ url }) => /:(id|document|finding|application)/.test(url) && !url.startsWith('/sign-in')).map(route => [`${route.method} ${route.url}`, route] as const))(
    '%s shows nobody what is not theirs', async (_, { method, url }) => {
      const statuses = await Promise.all(everybody.map(async who => (method === 'GET' ? await someone[who].get(filled(url)) : await someone[who].post(filled(url), {})).status))
      expect(statuses.filter(status => status < 400)).toEqual([])
    })
})

describe('a write comes from our own pages', () => {
  const writes = routes.filter(({ method }) => method === 'POST')
  const post = (url: string, headers: Record<string, string>) => app.inject({ method: 'POST', url: filled(url), headers: { host: 'akashi.test', accept: 'application/json', ...headers } })

  it.each(writes.map(({ url }) => url))('%s refuses a foreign origin, a foreign site and none at all', async url => {
    const answers = await Promise.all([post(url, { origin: 'https://evil.example' }), post(url, { 'sec-fetch-site': 'cross-site' }), post(url, { 'sec-fetch-site': 'same-site' }), post(url, { origin: 'null' }), post(url, {})])
    expect(answers.map(answer => answer.statusCode)).toEqual([403, 403, 403, 403, 403])
  })
})

describe('what a client can send', () => {
  it.each(['/%', '/c/%00', '/applications/%ff', '/c/<script>', `/c/${'9'.repeat(3000)}`, '/applications/..%2f..', '/nowhere', '/c?number=%00', '/?lang=%00xx'])('%s is answered without a fault', async path => {
    expect((await anybody.get(path)).status).toBeLessThan(500)
    expect((await anybody.page(path)).status).toBeLessThan(500)
  })

  it.each(['{', '[]', 'null', '"x"', '{"email":{"a":1}}', '{"email":["a","b"]}'])('the body %s is refused without a fault', async payload => {
    const answer = await app.inject({ method: 'POST', url: '/sign-in', payload, headers: { host: 'akashi.test', origin: 'http://akashi.test', 'content-type': 'application/json' } })
    expect([400, 415, 422]).toContain(answer.statusCode)
  })
})
