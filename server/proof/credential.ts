import { isSignedBy, parsedJson, readJws, type Jws } from './jws.ts'
import type { Check } from './seal/check.ts'

export type CredentialChecks = { form: Check; issuer: Check; key: Check; signature: Check; dates: Check }
/** What a credential says; `pdfSha256` in hex, `checkpoint` the note of the log that was the latest when it was made. */
export type Says = {
  id: string; subject: string; validFrom: string; validUntil: string | null; pdfSha256: string | null; checkpoint: string | null
  status: { list: string; index: number } | null
}
export type CheckedCredential = { checks: CredentialChecks; says: Says | null }
/** `at`: the moment asked about. `loggedAt`: when the log, checked before, took the credential in. */
export type Moments = { at?: Date | undefined; loggedAt?: Date | undefined }

/**
 * What can be said of a credential (vc+jwt, VC-JOSE-COSE) with the issuer's DID document in hand, told apart; never throws, whatever the bytes.
 * form: an ES256-signed VC and nothing else · issuer: it names this issuer and a key of its · key: one that may, or might then, sign for it ·
 * signature: by that key · dates: `at` lies in its validity. Whether it is suspended, only the status list says (status.ts).
 * `says` is null unless the signature holds. Of a compromised key nothing counts but what the log took in before.
 */
export function checkCredential(jwt: string, did: unknown, { at = new Date(), loggedAt }: Moments = {}): CheckedCredential {
  const opened = openCredential(jwt, did, loggedAt)
  if (!opened) return { checks: { ...unchecked, form: 'failed' }, says: null }
  const { payload, checks } = opened
  return { checks: { ...checks, dates: within(payload, at) }, says: checks.signature === 'passed' ? sayings(payload) : null }
}

type Fields = Record<string, unknown>
export const unchecked: CredentialChecks = { form: 'could_not_be_checked', issuer: 'could_not_be_checked', key: 'could_not_be_checked', signature: 'could_not_be_checked', dates: 'could_not_be_checked' }

/** The parts that credentials and status lists share; null when it is no JWT signed with ES256 by a named key. */
export function openCredential(jwt: string, did: unknown, loggedAt?: Date): { payload: Fields; checks: Omit<CredentialChecks, 'dates'> } | null {
  const jws = readJws(jwt.trim())
  const payload = jws && asFields(parsedJson(jws.payload))
  if (!jws || !payload) return null
  const { header } = jws
  const form: Check = header.typ === 'vc+jwt' && header.cty === 'vc' && isCredential(payload) ? 'passed' : 'failed'
  const document = asFields(did)
  if (!document || typeof document.id !== 'string' || !Array.isArray(document.verificationMethod)) return { payload, checks: { ...unchecked, form } }
  const method = document.verificationMethod.map(asFields).find(candidate => candidate?.id === header.kid)
  return {
    payload,
    checks: {
      form, issuer: issuerOf(payload) === document.id && header.kid.startsWith(`${document.id}#`) ? 'passed' : 'failed',
      key: mayHaveSigned(document, method, payload, loggedAt), signature: holds(jws, method),
    },
  }
}

const isCredential = ({ '@context': context, type, vc }: Fields) =>
  Array.isArray(context) && context[0] === 'https://www.w3.org/ns/credentials/v2' && Array.isArray(type) && type.includes('VerifiableCredential') && vc === undefined

const issuerOf = ({ issuer }: Fields) => (typeof issuer === 'string' ? issuer : asFields(issuer)?.id)

// Controlled Identifiers 1.0, 2.2: nothing that was signed at or after `revoked` counts, and a thief can write any date: only the log knows when.
function mayHaveSigned({ id, assertionMethod }: Fields, method: Fields | undefined, { validFrom }: Fields, loggedAt: Date | undefined): Check {
  if (!method || method.controller !== id) return 'failed'
  if (method.revoked === undefined) return Array.isArray(assertionMethod) && assertionMethod.includes(method.id) ? 'passed' : 'failed'
  const since = Date.parse(String(method.revoked))
  if (loggedAt) return loggedAt.getTime() < since ? 'passed' : 'failed'
  return Date.parse(String(validFrom)) < since ? 'could_not_be_checked' : 'failed'
}

function holds(jws: Jws, method: Fields | undefined): Check {
  const { kty, crv, x, y } = asFields(method?.publicKeyJwk) ?? {}
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') return method ? 'could_not_be_checked' : 'failed'
  return isSignedBy(jws, { kty, crv, x, y }) ? 'passed' : 'failed'
}

function within({ validFrom, validUntil }: Fields, at: Date): Check {
  const [from, until] = [Date.parse(String(validFrom)), validUntil === undefined ? Number.POSITIVE_INFINITY : Date.parse(String(validUntil))]
  if (Number.isNaN(from) || Number.isNaN(until)) return 'could_not_be_checked'
  return from <= at.getTime() && at.getTime() <= until ? 'passed' : 'failed'
}

function sayings({ id, credentialSubject, validFrom, validUntil, credentialStatus, evidence }: Fields): Says {
  const subject = asFields(credentialSubject) ?? {}
  const { statusListCredential, statusListIndex } = asFields(credentialStatus) ?? {}
  const index = Number(statusListIndex) // an integer in UNTP 0.7.0, text in the W3C's own words
  const note = (Array.isArray(evidence) ? evidence : []).map(asFields).find(one => [one?.type].flat().includes(checkpointType))?.description
  return {
    id: String(id), subject: String(subject.id), validFrom: String(validFrom), validUntil: validUntil === undefined ? null : String(validUntil),
    pdfSha256: fromMultibase(asFields(subject.conformityCertificate)?.digestMultibase), checkpoint: typeof note === 'string' ? note : null,
    status: typeof statusListCredential === 'string' && Number.isSafeInteger(index) && index >= 0 ? { list: statusListCredential, index } : null,
  }
}

/** The kind of evidence that carries a checkpoint of the log. */
export const checkpointType = 'https://c2sp.org/tlog-checkpoint'

/** A SHA-256 in hex as multihash in multibase, base64url: u + 0x12 0x20 ‖ digest. */
export const asMultibase = (sha256: string): string => `u${Buffer.from(`1220${sha256}`, 'hex').toString('base64url')}`

function fromMultibase(text: unknown): string | null {
  const hash = typeof text === 'string' && text.startsWith('u') ? Buffer.from(text.slice(1), 'base64url').toString('hex') : ''
  return /^1220[0-9a-f]{64}$/.test(hash) ? hash.slice(4) : null
}

export const asFields = (value: unknown): Fields | undefined => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : undefined)
