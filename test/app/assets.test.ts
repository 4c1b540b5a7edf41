import accepts from '@fastify/accepts'
import Fastify from 'fastify'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { prepareAssets, serveAssets, type Assets } from '../../server/http/assets.ts'
import { Refused } from '../../server/http/problems.ts'

let assets: Assets
const app = Fastify()
beforeAll(async () => {
  assets = await prepareAssets()
  app.setErrorHandler((error, _request, reply) => reply.code(error instanceof Refused ? 404 : 500).send())
  await app.register(accepts)
  await app.register(serveAssets(assets))
})
afterAll(() => app.close())

it('names every file after its content', async () => {
  const again = await prepareAssets()
  expect(again.urls).toEqual(assets.urls)
  for (const url of Object.values(assets.urls)) expect(url).toMatch(/^\/assets\/[a-z]+\.[0-9a-f]{12}\.(css|js|svg)$/)
})

it('serves it for ever, compressed for those who can', async () => {
  const plain = await app.inject(assets.urls.css)
  const small = await app.inject({ url: assets.urls.css, headers: { 'accept-encoding': 'gzip' } })
  expect(plain.statusCode).toBe(200)
  expect(plain.headers).toMatchObject({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' })
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(small.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(small.rawPayload).equals(plain.rawPayload)).toBe(true)
})

it('knows no other name', async () => {
  for (const name of ['app.css', '..%2fpackage.json', 'app.000000000000.css']) expect((await app.inject(`/assets/${name}`)).statusCode).toBe(404)
})

// decisions.md 19: the public verify page with its CSS is at most 14 KB as transferred
it('keeps the public stylesheet below 5 KB and the mark below 1 KB', () => {
  const size = (url: string) => assets.files.get(url.replace('/assets/', ''))?.gzip.length
  expect(size(assets.urls.publicCss)).toBeLessThan(5 * 1024)
  expect(size(assets.urls.mark)).toBeLessThan(1024)
})

it('credits the design tokens and asks nothing of any other site', () => {
  for (const { type, body } of assets.files.values()) {
    if (!type.startsWith('text/')) continue
    expect(body.toString().replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//)
    if (type.startsWith('text/css')) expect(body.toString()).toContain('@digital-go-jp/design-tokens, MIT')
  }
})
