import { z } from 'zod'
import { Instant } from './shared.ts'

/** A later edition has a credential of its own; older ones stay to be read. */
export const CredentialQuery = z.object({ edition: z.coerce.number().int().min(1).max(100_000).optional() })

/**
 * A key that signs or signed for us. `since`: of an active key when it began, of a retired one when it stopped, of a compromised one the
 * moment from which on nothing signed with it is to be believed. `fingerprintSha256`: of the certificate where there is one, of the public key else (DER).
 */
export const Key = z.object({
  keyId: z.string(), purpose: z.enum(['seal', 'credential', 'log']), algorithm: z.string(), state: z.enum(['active', 'retired', 'compromised']), since: Instant.nullable(),
  development: z.boolean(), fingerprintSha256: z.string(), publicKeyPem: z.string(), publicKeySha256: z.string(), notBefore: Instant.nullable(), notAfter: Instant.nullable(),
  certificatePem: z.string().nullable(), chainPem: z.array(z.string()), rootPem: z.string().nullable(), rootFingerprintSha256: z.string().nullable(),
  verifierKey: z.string().nullable(), // of the log: name+id+key as C2SP writes it
})

export const Keys = z.object({ did: z.string(), keys: z.array(Key), timeStamps: z.object({ rootPem: z.string(), rootFingerprintSha256: z.string() }) })

// Fingerprints as people compare them: ABCD 1234 …
const ShownKey = Key.pick({ keyId: true, purpose: true, algorithm: true, state: true, since: true, development: true, notAfter: true, verifierKey: true })
  .extend({ fingerprint: z.string(), certificateFingerprint: z.string().nullable(), rootFingerprint: z.string().nullable() })
export const KeysPage = z.object({ did: z.string(), current: z.array(ShownKey), former: z.array(ShownKey), timeStamps: z.object({ rootFingerprint: z.string() }) })
