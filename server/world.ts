import type { Database } from './adapters/database.ts'
import type { Documents } from './adapters/documents.ts'
import type { Scanner } from './adapters/scanner.ts'
import type { Spool } from './adapters/spool.ts'
import type { CredentialKey, LogKey } from './adapters/keys.ts'
import type { Signer } from './adapters/signer.ts'
import type { TimeStamps } from './adapters/time-stamps.ts'
import type { Outbound } from './adapters/outbound.ts'
import type { Mailer } from './adapters/mailer.ts'
import type { SealProfile } from './certificates/signature/placeholder.ts'

/** Everything outside: made once by main.ts (or a test) and handed down as arguments. */
export type World = {
  database: Database
  documents: Documents
  spool: Spool
  scanner: Scanner
  signer: Signer
  credentialKey: CredentialKey
  logKey: LogKey
  timeStamps: TimeStamps
  sealProfile: SealProfile
  mailer: Mailer
  outbound: Outbound
  now: () => Date
  publicUrl: string
  uploadLimitBytes: number
  trustProxy: boolean
  development: boolean   // one-click sign-in and the captured inbox exist only here
}
