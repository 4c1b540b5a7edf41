import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { didDocument, type PublishedKey } from '../../server/credentials/did.ts'
import { didOf } from '../../server/proof/did.ts'
import { stage } from '../support/world.ts'

const { app, world } = await stage()
const ask = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers: { host: 'akashi.test', ...headers } })
const key = (kid: string, revoked?: string): PublishedKey =>
  ({ kid, publicJwk: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as PublishedKey['publicJwk'], ...(revoked ? { revoked } : {}) })

describe('the name of the issuer', () => {
  it.each([
    ['https://akashi.example.jp', 'did:web:akashi.example.jp'], ['https://akashi.example.jp/', 'did:web:akashi.example.jp'], ['http://127.0.0.1:3000', 'did:web:127.0.0.1%3A3000'],
    ['https://example.jp:8443/certificates', 'did:web:example.jp%3A8443:certificates'], ['https://example.jp/a/b/', 'did:web:example.jp:a:b'],
  ])('of %s is %s', (address, did) => expect(didOf(address)).toBe(did))
})

describe('the document', () => {
  const log = { publicKey: new Uint8Array(32).fill(7), former: [{ keyId: '0a0b0c0d', publicKey: new Uint8Array(32).fill(6) }] }
  const [one, other, stolen] = [key('aaa'), key('bbb'), key('ccc', '2027-01-31T00:00:00.000Z')]

  it('is the same bytes for the same keys, whatever their order', () => {
    const texts = [[one, other, stolen], [stolen, other, one]].map(keys => didDocument('https://akashi.example.jp', keys, log))
    expect(texts[0]).toBe(texts[1])
    expect(didDocument('https://akashi.example.jp', [one, other], log)).not.toBe(texts[0])
  })

  it('lets keys assert, but no stolen one, and not the one of the log', () => {
    const { id, assertionMethod, verificationMethod, service } = JSON.parse(didDocument('https://akashi.example.jp', [one, other, stolen], log))
    expect(assertionMethod).toEqual([`${id}#aaa`, `${id}#bbb`])
    expect(verificationMethod.map((method: { id: string; revoked?: string }) => [method.id, method.revoked])).toEqual([[`${id}#aaa`, undefined], [`${id}#bbb`, undefined], [`${id}#ccc`, '2027-01-31T00:00:00.000Z'], [`${id}#log`, undefined], [`${id}#log-0a0b0c0d`, undefined]])
    expect(verificationMethod.every((method: { controller: string; type: string }) => method.controller === id && method.type === 'JsonWebKey')).toBe(true)
    expect(verificationMethod.flatMap(({ publicKeyJwk }: { publicKeyJwk: object }) => Object.keys(publicKeyJwk)).includes('d')).toBe(false)
    expect(service.map(({ serviceEndpoint }: { serviceEndpoint: string }) => serviceEndpoint)).toEqual(['https://akashi.example.jp/keys.json', 'https://akashi.example.jp/log'])
  })

  it('is served where did:web looks for it, to every page of the web, and not twice', async () => {
    const [wellKnown, beside] = await Promise.all(['/.well-known/did.json', '/did.json'].map(url => ask(url)))
    expect([wellKnown?.statusCode, wellKnown?.headers['content-type'], wellKnown?.headers['access-control-allow-origin'], wellKnown?.headers['cache-control'], wellKnown?.headers['set-cookie']]).toEqual([200, 'application/did+json; charset=utf-8', '*', 'public, max-age=300', undefined])
    expect(createHash('sha256').update(beside?.rawPayload ?? '').digest('hex')).toBe(createHash('sha256').update(wellKnown?.rawPayload ?? '').digest('hex'))
    expect((await ask('/.well-known/did.json', { 'if-none-match': String(wellKnown?.headers.etag) })).statusCode).toBe(304)
    expect(JSON.parse(wellKnown?.body ?? '')).toMatchObject({ id: 'did:web:akashi.test', assertionMethod: [`did:web:akashi.test#${world.credentialKey.kid}`] })
  })
})
