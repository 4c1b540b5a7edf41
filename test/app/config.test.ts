import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../server/config.ts'

const dataDir = mkdtempSync(path.join(tmpdir(), 'akashi-config-'))
const faults = (env: Record<string, string>) => {
  try {
    readConfig({ DATA_DIR: dataDir, ...env })
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.faults.map(fault => fault.split(/[ :]/)[0])
  }
}
const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://x', S3_BUCKET: 'b', SIGNER_KEY: 'file:k', SIGNER_CHAIN_FILE: 'c', TSA_URL: 'http://tsa.example', TSA_CHAIN_FILE: 't', SMTP_URL: 'smtp://x', PUBLIC_URL: 'https://x.example', CLAMD_HOST: 'h' }

it('needs nothing in development', () => expect(faults({})).toEqual([]))
it('takes a full production configuration', () => expect(faults(production)).toEqual([]))

it.each(['DATABASE_URL', 'S3_BUCKET', 'SIGNER_KEY', 'SIGNER_CHAIN_FILE', 'TSA_URL', 'TSA_CHAIN_FILE', 'SMTP_URL', 'PUBLIC_URL', 'CLAMD_HOST'])('refuses production without %s and says so', name => {
  const { [name as keyof typeof production]: _, ...rest } = production
  expect(faults(rest)).toContain(name)
})

it('takes the key file of before, a .p12 without a chain, or the socket of a signer that runs elsewhere', () => {
  const { SIGNER_KEY: _, ...withoutKey } = production
  const { SIGNER_CHAIN_FILE: __, ...bare } = withoutKey
  expect([faults({ ...withoutKey, SIGNER_KEY_FILE: 'k' }), faults({ ...bare, SIGNER_KEY: 'p12:k' }), faults({ ...bare, SIGNER_SOCKET: '/run/s' })]).toEqual([[], [], []])
  expect([faults({ ...production, SIGNER_KEY: 'vault:k' }), faults({ ...bare, SIGNER_KEY: 'file:k' })]).toEqual([['SIGNER_KEY'], ['SIGNER_CHAIN_FILE', 'SIGNER_KEY']])
})
it('takes several time-stamp authorities, and no address that is none', () => {
  expect(readConfig({ DATA_DIR: dataDir, ...production, TSA_URL: 'http://one.example, https://two.example' }).timeStamps.urls).toEqual(['http://one.example', 'https://two.example'])
  expect(faults({ ...production, TSA_URL: 'http://one.example,ftp://two.example' })).toEqual(['TSA_URL'])
})
it('never seeds in production', () => expect(readConfig({ DATA_DIR: dataDir, ...production, SEED: 'cases' }).seed).toBe('none'))
it.each([['PORT', 'abc'], ['PORT', '70000'], ['LOG_LEVEL', 'loud'], ['PUBLIC_URL', 'not an address'], ['SCAN', 'maybe']])('names the fault of %s=%s', (name, value) => expect(faults({ [name]: value })).toEqual([name]))

it('is mirrored by .env.example', () => {
  const source = readFileSync(new URL('../../server/config.ts', import.meta.url), 'utf8')
  const known = [...source.slice(0, source.indexOf('export type Config')).matchAll(/\b([A-Z][A-Z0-9_]{2,}): /g)].map(([, name]) => name)
  const mirrored = [...readFileSync(new URL('../../.env.example', import.meta.url), 'utf8').matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name)
  expect([...new Set(mirrored)].sort()).toEqual([...new Set(known)].sort())
})
