import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openKeys } from '../../server/adapters/keys.ts'
import { openSigner } from '../../server/adapters/signer.ts'
import { signedAttributes } from '../../server/certificates/signature/attributes.ts'
import { der } from '../../server/proof/seal/write-der.ts'
import { toBeSigned } from '../../server/proof/seal/write-signed-data.ts'
import { LedgerBroken, openLedger, type Ledger } from '../../server/signer/ledger.ts'
import { signing, type SigningKeys } from '../../server/signer/sign.ts'

const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-rules-'))
const digest = Buffer.alloc(32, 7)
let keys: SigningKeys
const opened: Ledger[] = []
const ledgerFile = () => path.join(dataDir, `ledger-${randomUUID()}`)
const signingOn = async (file = ledgerFile(), perMinute = 6000, now?: () => number) => {
  const ledger = await openLedger(file)
  opened.push(ledger)
  return { file, ledger, sign: signing(keys, ledger, perMinute, now) }
}

beforeAll(async () => { keys = { signer: await openSigner({ dataDir }), ...await openKeys(dataDir) } })
afterAll(async () => {
  for (const ledger of opened) await ledger.close().catch(() => undefined) // some are closed already
  rmSync(dataDir, { recursive: true, force: true })
})

describe('the seal key', () => {
  it('signs the attributes of a seal by its own certificate, with and without lists of revoked ones', async () => {
    const { sign } = await signingOn()
    const { certificate, crls } = keys.signer
    for (const lists of [crls, []]) expect(await sign('seal', toBeSigned(signedAttributes(digest, certificate, lists)))).toHaveProperty('signature')
  })

  it('signs nothing else', async () => {
    const { sign, ledger, file } = await signingOn()
    const { certificate, crls, root } = keys.signer
    const good = toBeSigned(signedAttributes(digest, certificate, crls))
    const [contentType, messageDigest, ...more] = signedAttributes(digest, certificate, crls)
    if (!contentType || !messageDigest) throw new Error('no attributes')
    const wrong: [string, Uint8Array][] = [
      ['nothing', Buffer.alloc(0)], ['a document', Buffer.from('%PDF-1.7')], ['a digest alone', digest], ['a byte more', Buffer.concat([good, Buffer.alloc(1)])],
      ['a short digest', toBeSigned(signedAttributes(Buffer.alloc(20), certificate, crls))], ['another certificate', toBeSigned(signedAttributes(digest, root, crls))],
      ['no certificate', toBeSigned([contentType, messageDigest])], ['an attribute twice', toBeSigned([contentType, messageDigest, messageDigest, ...more])],
      ['another order', der(0x31, messageDigest, contentType, ...more)], ['no list of revoked ones', toBeSigned(signedAttributes(digest, certificate, [certificate]))],
      ['the wrong tag', Buffer.concat([Buffer.from([0xa0]), good.subarray(1)])],
    ]
    for (const [what, der] of wrong) expect([what, await sign('seal', der)]).toEqual([what, { fault: 'refused', reason: expect.any(String) }])
    await ledger.close()
    expect(readFileSync(file, 'utf8').match(/"refused":/g)).toHaveLength(wrong.length)
  })
})

describe('the credential key', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = (header: object, payload: unknown = { a: 1 }) => Buffer.from(`${part(header)}.${part(payload)}`)

  it('signs credentials, proofs and offline codes by its name', async () => {
    const { sign } = await signingOn()
    const { kid } = keys.credentialKey
    const right = [{ alg: 'ES256', kid: `did:web:akashi.test#${kid}`, typ: 'vc+jwt', cty: 'vc' }, { alg: 'ES256', kid, typ: 'akashi+jws' }].map(header => input(header))
    for (const data of [...right, Buffer.from('akashi-code-1\nRE-JP-2026\n山田')]) expect(await sign('credential', data)).toHaveProperty('signature')
  })

  it('signs nothing else', async () => {
    const { sign } = await signingOn()
    const { kid } = keys.credentialKey
    const header = { alg: 'ES256', kid, typ: 'vc+jwt' }
    const wrong: Buffer[] = [
      input({ ...header, alg: 'none' }), input({ ...header, kid: 'another' }), input({ ...header, kid: `${kid}x` }), input({ ...header, typ: 'JWT' }), input({ ...header, typ: 'akashi-proof' }), input({ alg: 'ES256', kid }),
      input({ ...header, crit: ['b64'], b64: false }), input({ ...header, jwk: {} }), input(header, 'text'), input(header, [1]), Buffer.from(`${part(header)}.`),
      Buffer.from(`${part(header)}..`), Buffer.from('akashi-code-2\nx'), Buffer.from(`akashi-code-1\n${'x'.repeat(3000)}`), Buffer.from('akashi.test/log\n1\n'),
    ]
    for (const data of wrong) expect([data.toString(), await sign('credential', data)]).toEqual([data.toString(), { fault: 'refused', reason: expect.any(String) }])
  })
})

describe('the log key', () => {
  const checkpoint = (size: number, root: number, more = '') => Buffer.from(`akashi.test/log\n${size}\n${Buffer.alloc(32, root).toString('base64')}\n${more}`)
  const answers = async (sign: Awaited<ReturnType<typeof signingOn>>['sign'], ...texts: Buffer[]) => {
    const said: string[] = []
    for (const text of texts) {
      const verdict = await sign('checkpoint', text)
      said.push('fault' in verdict ? verdict.fault : 'signed')
    }
    return said
  }

  it('signs a log that grows, and the same promise again', async () => {
    const { sign } = await signingOn()
    expect(await answers(sign, checkpoint(0, 1), checkpoint(5, 2), checkpoint(5, 2), checkpoint(9, 3))).toEqual(['signed', 'signed', 'signed', 'signed'])
  })

  it('never two logs: not a smaller one, not another root, not after a restart either', async () => {
    const { sign, ledger, file } = await signingOn()
    expect(await answers(sign, checkpoint(5, 2), checkpoint(5, 3), checkpoint(4, 2), checkpoint(6, 2, 'more\n'))).toEqual(['signed', 'refused', 'refused', 'refused'])
    await ledger.close()
    const again = await signingOn(file)
    expect(await answers(again.sign, checkpoint(5, 3), checkpoint(4, 1), checkpoint(5, 2), checkpoint(6, 4))).toEqual(['refused', 'refused', 'signed', 'signed'])
  })

  it('signs one of two that come at the same moment', async () => {
    const { sign } = await signingOn()
    const both = await Promise.all([sign('checkpoint', checkpoint(7, 1)), sign('checkpoint', checkpoint(7, 2))])
    expect(both.map(verdict => 'fault' in verdict)).toEqual([false, true])
  })
})

describe('the ledger', () => {
  it('holds a line per request before the signature leaves, chained, without content, for the owner’s eyes', async () => {
    const { sign, ledger, file } = await signingOn()
    await Promise.all([1, 2, 3].map(n => sign('credential', Buffer.from(`akashi-code-1\n山田 ${n}`))))
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line))
    expect(lines.map(({ n, ask, key }) => [n, ask, key])).toEqual([1, 2, 3].map(n => [n, 'credential', keys.credentialKey.kid]))
    expect([readFileSync(file, 'utf8').includes('山田'), statSync(file).mode & 0o777]).toEqual([false, 0o600])
    await ledger.close()
    const again = await openLedger(file)
    await again.close()
    expect(again.count).toBe(3)
  })

  it('does not open when a line was changed or taken out, and forgets a torn last line', async () => {
    const { sign, ledger, file } = await signingOn()
    for (const n of [1, 2, 3]) await sign('credential', Buffer.from(`akashi-code-1\n${n}`))
    await ledger.close()
    const text = readFileSync(file, 'utf8')
    const [one = '', two = '', three = ''] = text.split('\n')
    for (const changed of [`${one}\n${three}\n`, text.replace('"n":2,"at":"2', '"n":2,"at":"3'), `${two}\n${one}\n${three}\n`]) {
      writeFileSync(file, changed)
      await expect(openLedger(file)).rejects.toThrow(LedgerBroken)
    }
    writeFileSync(file, text + one.slice(0, 40))
    const again = await openLedger(file)
    await again.close()
    expect([again.count, readFileSync(file, 'utf8')]).toEqual([3, text])
  })
})

describe('the allowance', () => {
  it('of proofs, which visitors ask for, is not that of credentials, seals and the log', async () => {
    const { sign } = await signingOn(undefined, 2, () => 0)
    const head = (typ: string) => Buffer.from(JSON.stringify({ alg: 'ES256', kid: keys.credentialKey.kid, typ })).toString('base64url')
    const proof = Buffer.from(`${head('akashi+jws')}.e30`), credential = Buffer.from(`${head('vc+jwt')}.e30`)
    const answers = [await sign('credential', proof), await sign('credential', proof), await sign('credential', proof), await sign('credential', credential)]
    expect(answers.map(verdict => 'fault' in verdict ? verdict.fault : 'signed')).toEqual(['signed', 'signed', 'limited', 'signed'])
  })

  it('is spent and comes back with time', async () => {
    let now = 0
    const { sign } = await signingOn(undefined, 3, () => now)
    const ask = async () => 'fault' in await sign('credential', Buffer.from('akashi-code-1\nx'))
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([false, false, false, true])
    now += 20_000
    expect([await ask(), await ask()]).toEqual([false, true])
  })
})
