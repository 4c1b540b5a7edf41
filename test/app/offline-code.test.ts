import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openKeys } from '../../server/adapters/keys.ts'
import { offlineCode } from '../../server/credentials/offline-code.ts'
import { readOfflineCode, type OfflineCode } from '../../server/proof/offline-code.ts'
import { readOfflineCode as readInBrowser } from '../../web/offline-code.ts'
import { certificateSample, crowdedSample } from '../support/certificate-sample.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'akashi-code-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const { credentialKey } = await openKeys(directory)
const publicUrl = 'https://akashi.example.jp'
const { kid, publicJwk } = credentialKey
const keys = [{ kid, x: publicJwk.x, y: publicJwk.y }]
const both = async (text: string) => [readOfflineCode(text, { kid, publicJwk }), await readInBrowser(text, keys)]
const sample = certificateSample()
const code = await offlineCode(sample, { publicUrl, credentialKey })

describe('the code for places without a network', () => {
  it('says number, holder, scope and last day, to the server’s reader and to the browser’s', async () => {
    const said = { number: 'RE-JP-2027-004821-3-2', holder: '髙橋プレス㈱', scope: '金属プレス製品製造業 10–29人（外国人1–9人）', expiresOn: '2030-02-28' }
    expect(await both(code)).toEqual([said, said])
    expect(await both(code.slice(code.indexOf('#') + 1))).toEqual([said, said])
    expect(code).toMatch(/^https:\/\/akashi\.example\.jp\/o#[\w-]+$/)
  })

  it('stays within 330 characters, whatever the names, and never cuts a character in two', async () => {
    const crowded = await offlineCode(crowdedSample(), { publicUrl, credentialKey })
    const said = (await both(crowded))[0] as OfflineCode
    expect(crowded.length).toBeLessThanOrEqual(330)
    expect(said.number).toBe('RE-JP-2027-004821-3-2')
    for (const shortened of [said.holder, said.scope]) expect(shortened).toMatch(/^[^\uFFFD]+…$/)
    const variants = '葛\u{E0100}'.repeat(40)
    for (const site of ['https://a.jp', publicUrl, `https://${'long-'.repeat(8)}.example.jp`]) {
      const text = await offlineCode(certificateSample({ holder: { ...sample.holder, nameJa: variants } }), { publicUrl: site, credentialKey })
      const { holder } = (await both(text))[0] as OfflineCode
      expect([holder, text.length <= 330]).toEqual([expect.stringMatching(/^(葛\u{E0100})+…$/u), true])
    }
  })

  it('is refused when a single bit was changed, wherever', async () => {
    const [head = '', body = ''] = code.split('#')
    const bytes = Buffer.from(body, 'base64url')
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes)
      changed[index] = (changed[index] ?? 0) ^ (1 << index % 8)
      const refused = index === 0 ? 'malformed' : index < 5 ? 'other_key' : 'forged'
      expect([index, ...await both(`${head}#${changed.toString('base64url')}`)]).toEqual([index, { refused }, { refused }])
    }
  })

  it('is refused from any other key, and told apart from a forgery', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as { x: string; y: string }
    const strange = { kid: 'other', x: other.x, y: other.y }
    expect([readOfflineCode(code, { kid: 'other', publicJwk }), await readInBrowser(code, [strange]), await readInBrowser(code, [])]).toEqual(Array(3).fill({ refused: 'other_key' }))
    expect([readOfflineCode(code, { kid, publicJwk: { ...publicJwk, ...other } }), await readInBrowser(code, [{ ...strange, kid }])]).toEqual(Array(2).fill({ refused: 'forged' }))
  })

  it.each(['', '#', 'https://akashi.example.jp/o#', 'AQ', '#!!', 'A'.repeat(100), 'A'.repeat(100_000), '証書', `${code}A`, `${code}=`, code.slice(0, -1)])('is no code of ours: %.40s', async text => {
    for (const said of await both(text)) expect(said).toHaveProperty('refused')
  })
})
