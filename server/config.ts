import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { readKeyAddress } from './adapters/signer/address.ts'
import { socketPathFor } from './adapters/signer/socket-path.ts'

// The environment, parsed once. Nothing else reads process.env; .env.example mirrors this list.
const text = z.string().trim().min(1).optional()
const flag = z.enum(['true', 'false']).transform(value => value === 'true')

const Environment = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z.url().optional(),
  TRUST_PROXY: flag.default(false),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: text,
  S3_BUCKET: text, S3_ENDPOINT: text, S3_REGION: z.string().default('us-east-1'), S3_ACCESS_KEY: text, S3_SECRET_KEY: text,
  S3_PATH_STYLE: flag.default(true),
  SMTP_URL: text,
  MAIL_FROM: z.string().default('Akashi 証 <no-reply@akashi.invalid>'),
  CLAMD_HOST: text, CLAMD_PORT: z.coerce.number().int().default(3310), CLAMD_SOCKET: text,
  SCAN: z.enum(['on', 'off']).default('on'),
  SIGNER_KEY: text, SIGNER_KEY_FILE: text, SIGNER_CHAIN_FILE: text, SIGNER_PASSPHRASE: text, SIGNER_SOCKET: text,
  SIGNER_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(6000),
  TSA_URL: text, TSA_CHAIN_FILE: text,
  SEAL_PROFILE: z.enum(['B-T', 'B-LTA']).default('B-T'),
  WEBHOOK_PRIVATE_TARGETS: z.enum(['refuse', 'allow']).default('refuse'),
  UPLOAD_LIMIT_MB: z.coerce.number().int().min(1).max(2000).default(50),
  SEED: z.enum(['none', 'cast', 'cases']).default('cases'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

export type Config = ReturnType<typeof readConfig>

/** Parses the environment; throws ConfigError with one line per fault. In production nothing has an embedded stand-in. */
export function readConfig(env: Record<string, string | undefined>) {
  const e = environment(env)
  const production = e.NODE_ENV === 'production'
  const missing = [...(production ? neededInProduction(e) : []), ...halfGiven(e)]
  if (missing.length > 0) throw new ConfigError(missing)
  const dataDir = path.resolve(e.DATA_DIR)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return Object.freeze({
    production, port: e.PORT, host: e.HOST, publicUrl: e.PUBLIC_URL?.replace(/\/$/, ''), trustProxy: e.TRUST_PROXY, dataDir, databaseUrl: e.DATABASE_URL,
    s3: e.S3_BUCKET ? { bucket: e.S3_BUCKET, endpoint: e.S3_ENDPOINT, region: e.S3_REGION, accessKey: e.S3_ACCESS_KEY, secretKey: e.S3_SECRET_KEY,
      pathStyle: e.S3_PATH_STYLE } : undefined,
    smtpUrl: e.SMTP_URL, mailFrom: e.MAIL_FROM,
    clamd: e.CLAMD_SOCKET ? { socket: e.CLAMD_SOCKET } : e.CLAMD_HOST ? { host: e.CLAMD_HOST, port: e.CLAMD_PORT } : undefined,
    scan: e.SCAN === 'on',
    signerSocket: e.SIGNER_SOCKET,
    sealProfile: e.SEAL_PROFILE, timeStamps: { urls: addresses(e.TSA_URL), chainFile: e.TSA_CHAIN_FILE },
    webhookPrivateTargets: e.WEBHOOK_PRIVATE_TARGETS === 'allow',
    uploadLimitBytes: e.UPLOAD_LIMIT_MB * 1024 * 1024, seed: production ? 'none' as const : e.SEED, logLevel: e.LOG_LEVEL,
  })
}

/** What the signer process needs, and nothing of the rest: it may run alone, where the key is and nothing else. */
export function readSignerConfig(env: Record<string, string | undefined>) {
  const e = environment(env)
  const faults = [...(e.NODE_ENV === 'production' ? keyMissing(e) : []), ...keyHalfGiven(e)]
  if (faults.length > 0) throw new ConfigError(faults)
  const dataDir = path.resolve(e.DATA_DIR)
  return Object.freeze({
    dataDir, socket: e.SIGNER_SOCKET ?? socketPathFor(dataDir), perMinute: e.SIGNER_PER_MINUTE, logLevel: e.LOG_LEVEL,
    signer: { key: e.SIGNER_KEY, keyFile: e.SIGNER_KEY_FILE, chainFile: e.SIGNER_CHAIN_FILE, keyPassphrase: e.SIGNER_PASSPHRASE },
  })
}

function environment(env: Record<string, string | undefined>): Parsed {
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`))
  return parsed.data
}

export class ConfigError extends Error {
  readonly faults: string[]
  constructor(faults: string[]) {
    super(`configuration: ${faults.join('; ')}`)
    this.faults = faults
  }
}

const addresses = (list = '') => list.split(',').map(address => address.trim()).filter(Boolean)

type Parsed = z.infer<typeof Environment>

function neededInProduction(e: Parsed): string[] {
  const must: [keyof Parsed, string][] = [
    ['DATABASE_URL', 'a Postgres (>= 15) of yours'], ['S3_BUCKET', 'a bucket for the documents'], ['TSA_URL', 'a time-stamp authority'],
    ['TSA_CHAIN_FILE', 'the certificates of the time-stamp authority'], ['SMTP_URL', 'a mail server'], ['PUBLIC_URL', 'the address people see'],
  ]
  const missing = must.filter(([name]) => !e[name]).map(([name, what]) => `${name} is missing: production needs ${what}`)
  if (!e.SIGNER_SOCKET) missing.push(...keyMissing(e))
  if (e.WEBHOOK_PRIVATE_TARGETS === 'allow') missing.push('WEBHOOK_PRIVATE_TARGETS=allow: production sends to public addresses only')
  if (e.SCAN === 'on' && !e.CLAMD_HOST && !e.CLAMD_SOCKET) missing.push('CLAMD_HOST or CLAMD_SOCKET is missing: production needs a scanner, or an explicit SCAN=off')
  return missing
}

function halfGiven(e: Parsed): string[] {
  const faults: string[] = []
  if (!e.SIGNER_SOCKET) faults.push(...keyHalfGiven(e))
  if (Boolean(e.TSA_URL) !== Boolean(e.TSA_CHAIN_FILE)) faults.push('TSA_URL and TSA_CHAIN_FILE belong together')
  if (addresses(e.TSA_URL).some(address => !/^https?:$/.test(URL.parse(address)?.protocol ?? ''))) faults.push('TSA_URL: one or several http addresses, with commas between them')
  if (e.S3_BUCKET && Boolean(e.S3_ACCESS_KEY) !== Boolean(e.S3_SECRET_KEY)) faults.push('S3_ACCESS_KEY and S3_SECRET_KEY belong together')
  return faults
}

const keyOf = (e: Parsed) => e.SIGNER_KEY ?? (e.SIGNER_KEY_FILE && `file:${e.SIGNER_KEY_FILE}`)
const bringsChain = (key: string) => key.startsWith('p12:')

function keyMissing(e: Parsed): string[] {
  const key = keyOf(e)
  return [
    ...(key ? [] : ['SIGNER_KEY is missing: production needs the seal key, or SIGNER_SOCKET where a signer listens']),
    ...(e.SIGNER_CHAIN_FILE || (key && bringsChain(key)) ? [] : ['SIGNER_CHAIN_FILE is missing: production needs the certificates of the seal key']),
  ]
}

function keyHalfGiven(e: Parsed): string[] {
  const key = keyOf(e)
  const faults: string[] = []
  if (e.SIGNER_KEY && e.SIGNER_KEY_FILE) faults.push('SIGNER_KEY and SIGNER_KEY_FILE: one of the two')
  if (key && !readKeyAddress(key)) faults.push('SIGNER_KEY must begin with file:, p12:, pkcs11: or awskms:')
  if (Boolean(key) !== Boolean(e.SIGNER_CHAIN_FILE) && !(key && bringsChain(key))) faults.push('SIGNER_KEY (or SIGNER_KEY_FILE) and SIGNER_CHAIN_FILE belong together')
  return faults
}
