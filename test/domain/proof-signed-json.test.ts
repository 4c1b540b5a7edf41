import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Plain } from '../../server/domain/dossier.ts'
import { fromBase64, fromBase64Url } from '../../server/proof/base64.ts'
import { didOf, keyIn } from '../../server/proof/did.ts'
import { isSignedBy, readJws, type PublicJwk } from '../../server/proof/jws.ts'
import { readSignedJson, signJson } from '../../server/proof/signed-json.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwkOf = (key: KeyObject) => { const { x = '', y = '' } = key.export({ format: 'jwk' }); return { kty: 'EC', crv: 'P-256', x, y } as PublicJwk }
const ours = jwkOf(publicKey), other = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)
const kid = 'did:web:akashi.test#k1'
const key = { kid, sign: async (input: Uint8Array) => sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' }) }
const fields = { type: 'akashi-proof', number: 'RE-JP', nested: { b: [1, null, 'é 神\u2028"\\'], a: true } } as const
const text = await signJson(fields, key)
const holds = (text: string) => readSignedJson(text)?.isSignedBy(ours) ?? false

describe('a signed document', () => {
  it('is read back, and holds by its key alone', () => {
    const read = readSignedJson(text)
    expect([read?.fields, read?.kid, read?.isSignedBy(ours), read?.isSignedBy(other)]).toEqual([fields, kid, true, false])
    expect(text).toContain('\n  "number": "RE-JP",\n')
  })

  it('does not survive any changed, lost or added byte', () => {
    const bytes = Buffer.from(text)
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const changed = [Buffer.from(bytes).fill((bytes[at] ?? 0) ^ mask, at, at + 1), Buffer.concat([bytes.subarray(0, at), Buffer.of(mask), bytes.subarray(at)]), Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])]
      expect(changed.map(each => each.toString('utf8')).filter(each => each !== text && holds(each))).toEqual([])
    }), { numRuns: 1500 })
  })

  it('takes whatever JSON can say', async () => {
    await fc.assert(fc.asyncProperty(fc.dictionary(fc.string().filter(name => name !== 'signature' && name.isWellFormed()), fc.jsonValue({ maxDepth: 3 })), async value => {
      expect(holds(await signJson(JSON.parse(JSON.stringify(value)), key))).toBe(true)
    }), { numRuns: 50 })
  })

  it.each<[string, string]>([
    ['not JSON', 'x'], ['empty', ''], ['a list', '[]\n'], ['unsigned', '{}\n'], ['nested without end', '['.repeat(400_000)], ['nested objects', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`], ['far too long', ' '.repeat(600_000)],
    ['a name twice', text.replace('"number": "RE-JP"', '"number": "RE-XX",\n  "number": "RE-JP"')], ['compact', JSON.stringify(JSON.parse(text))], ['without its last line feed', text.trimEnd()], ['half a character', text.replace('RE-JP', '\uD800')],
  ])('%s: is none', (_, changed) => expect(holds(changed)).toBe(false))

  const reheaded = (header: Plain) => text.replace(/"signature": "[^.]*/, `"signature": "${Buffer.from(JSON.stringify(header)).toString('base64url')}`)
  it.each<[Plain]>([[{ alg: 'none', kid }], [{ alg: 'HS256', kid }], [{ alg: 'ES256' }], [{ alg: 'ES256', kid, crit: ['exp'] }], [null], ['ES256'], [{ alg: ['ES256'], kid }]])('the header %j is refused', header => expect(readSignedJson(reheaded(header))).toBeUndefined())

  it.each([['vc+jwt'], [undefined]])('what the same key signed as %s is none', async typ => {
    const head = Buffer.from(JSON.stringify({ alg: 'ES256', kid, ...typ ? { typ } : {} })).toString('base64url')
    const asTyped = { ...key, sign: (input: Uint8Array) => key.sign(Buffer.from(`${head}.${Buffer.from(input).toString('latin1').split('.')[1]}`)) }
    const signed = (await signJson(fields, asTyped)).replace(/"signature": "[^.]*/, `"signature": "${head}`)
    expect(readSignedJson(signed)).toBeUndefined()
  })
})

describe('a JWS', () => {
  const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${b64({ alg: 'ES256', kid })}.${b64({ a: 1 })}`
  const signed = `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  it('holds by its key', () => { const jws = readJws(signed); expect([jws && isSignedBy(jws, ours), jws && isSignedBy(jws, other), jws && isSignedBy(jws, { ...ours, y: ours.x })]).toEqual([true, false, false]) })
  it.each(['', '.', '..', '...', `${b64({ alg: 'none', kid })}.${b64({})}.`, `${signed}=`, `${signed}\n`, ` ${signed}`, signed.replace('.', '..'), `${input}.AAAA`, 'x'.repeat(2_000_000)])('%# is none', text => expect(readJws(text)).toBeUndefined())
})

describe('base64', () => {
  it('has one spelling', () => {
    expect([fromBase64('AQ=='), fromBase64Url('AQ')]).toEqual([Buffer.of(1), Buffer.of(1)])
    expect(['AQ', 'AR==', 'AQ==\n', ' AQ==', 'A-=='].map(fromBase64).concat(['AQ==', 'AR', 'A+', 'AQ\n'].map(fromBase64Url)).filter(Boolean)).toEqual([])
  })
})

describe('a DID document', () => {
  const document = (change: object = {}) => JSON.stringify({ id: 'did:web:akashi.test', verificationMethod: [{ id: kid, type: 'JsonWebKey', controller: 'did:web:akashi.test', publicKeyJwk: ours }], assertionMethod: [kid], ...change })
  it('gives the key of its own kid', () => expect([keyIn(document(), kid), keyIn(document({ assertionMethod: ['#k1'] }), kid)]).toEqual([ours, ours]))
  it.each<[string, string, string]>([
    ['another kid', document(), 'did:web:akashi.test#k2'], ['another issuer', document(), 'did:web:evil.test#k1'], ['a document of another issuer', document({ id: 'did:web:evil.test' }), kid], ['a key that may not assert', document({ assertionMethod: [] }), kid],
    ['no list', document({ verificationMethod: 'x', assertionMethod: { 0: kid } }), kid], ['another kind of key', document({ verificationMethod: [{ id: kid, publicKeyJwk: { kty: 'RSA' } }] }), kid], ['null', 'null', kid], ['not JSON', '{', kid], ['null inside', document({ verificationMethod: [null], assertionMethod: [null] }), kid],
  ])('%s: none', (_, text, named) => expect(keyIn(text, named)).toBeUndefined())
  it('names an address with its port', () => expect([didOf('https://akashi.example.jp'), didOf('http://127.0.0.1:3000')]).toEqual(['did:web:akashi.example.jp', 'did:web:127.0.0.1%3A3000']))
})
