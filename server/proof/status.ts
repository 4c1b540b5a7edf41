import { gunzipSync } from 'node:zlib'
import { asFields, type CredentialChecks, type Moments, openCredential, unchecked } from './credential.ts'
import type { Check } from './seal/check.ts'

/** `list`: it is a list of suspensions that can be read · `index`: the place asked for is on it · `fresh`: `at` lies before its end. */
export type StatusChecks = Omit<CredentialChecks, 'dates'> & { list: Check; index: Check; fresh: Check }
/** `suspended` is null unless everything else passed or the list is only too old; `asOf` is the list's own time. */
export type ReadStatus = { checks: StatusChecks; suspended: boolean | null; asOf: string | null; validUntil: string | null }

/** 131,072 places: the least that W3C Bitstring Status List allows, so that one place tells nothing. */
export const statusPlaces = 131_072
const mostBytes = (statusPlaces / 8) * 64 // a list says how long it is only when unzipped
const clockSkew_ms = 300_000

/**
 * Whether the certificate at `index` is suspended or without effect, by a signed Bitstring Status List (vc+jwt); never throws, whatever the bytes.
 * `id`: the address of the list that the credential names. A list past its end is no "no": fresh is then could_not_be_checked.
 */
export function readStatus(statusJwt: string, did: unknown, index: number, { at = new Date(), id }: Pick<Moments, 'at'> & { id?: string } = {}): ReadStatus {
  const opened = openCredential(statusJwt, did)
  if (!opened) return { checks: { ...nothing, form: 'failed' }, suspended: null, asOf: null, validUntil: null }
  const { payload, checks } = opened
  const bits = bitsOf(payload, id)
  const { fresh, asOf, validUntil } = freshness(payload, at)
  const inRange = bits !== undefined && Number.isSafeInteger(index) && index >= 0 && index < bits.length * 8
  const all: StatusChecks = { ...checks, list: bits ? 'passed' : 'failed', index: !bits ? 'could_not_be_checked' : inRange ? 'passed' : 'failed', fresh }
  const believed = Object.entries(all).every(([name, check]) => check === 'passed' || (name === 'fresh' && check === 'could_not_be_checked'))
  return { checks: all, suspended: believed && bits ? isSet(bits, index) : null, asOf, validUntil }
}

const { dates: _, ...shared } = unchecked
const nothing: StatusChecks = { ...shared, list: 'could_not_be_checked', index: 'could_not_be_checked', fresh: 'could_not_be_checked' }

/** The first place is the highest bit of the first byte. */
export const isSet = (bits: Uint8Array, index: number): boolean => ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0

function bitsOf({ id, type, credentialSubject }: Record<string, unknown>, wanted: string | undefined): Uint8Array | undefined {
  const subject = asFields(credentialSubject)
  if (wanted !== undefined && id !== wanted) return undefined
  if (!Array.isArray(type) || !type.includes('BitstringStatusListCredential') || subject?.type !== 'BitstringStatusList' || subject.statusPurpose !== 'suspension') return undefined
  return unzipped(subject.encodedList)
}

/** The bits of an encoded list (u + base64url of gzip), at most a mebibyte; undefined when it is none. */
export function unzipped(encoded: unknown): Uint8Array | undefined {
  if (typeof encoded !== 'string' || !encoded.startsWith('u')) return undefined
  try {
    const bits = gunzipSync(Buffer.from(encoded.slice(1), 'base64url'), { maxOutputLength: mostBytes })
    return bits.length * 8 >= statusPlaces ? bits : undefined
  } catch {
    return undefined
  }
}

function freshness({ validFrom, validUntil }: Record<string, unknown>, at: Date): { fresh: Check; asOf: string | null; validUntil: string | null } {
  if (typeof validFrom !== 'string' || typeof validUntil !== 'string') return { fresh: 'could_not_be_checked', asOf: null, validUntil: null }
  const [from, until] = [Date.parse(validFrom), Date.parse(validUntil)]
  if (Number.isNaN(from) || Number.isNaN(until)) return { fresh: 'could_not_be_checked', asOf: null, validUntil: null }
  const fresh: Check = at.getTime() < from - clockSkew_ms ? 'failed' : at.getTime() <= until ? 'passed' : 'could_not_be_checked'
  return { fresh, asOf: validFrom, validUntil }
}
