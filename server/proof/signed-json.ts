import { canonical, type Plain } from '../domain/dossier.ts'
import { isSignedBy, readJws, type Header, type PublicJwk } from './jws.ts'

export type Fields = { readonly [name: string]: Plain }
/** `kid`: DID URL of the key; `sign`: ES256, r‖s. */
export type SigningKey = { kid: string; sign(input: Uint8Array): Promise<Uint8Array> }

const typ = 'akashi+jws' // RFC 8725, 3.11: what the key signed as something else is no such document
const largest = 500_000 // characters; a proof has some 4,000

/** A document that people can read and programs can check: indented JSON whose last field is a detached JWS (RFC 7515, F) over its canonical text. */
export async function signJson(fields: Fields, { kid, sign }: SigningKey): Promise<string> {
  const header: Header = { alg: 'ES256', kid, typ }
  const head = Buffer.from(canonical(header as Plain)).toString('base64url')
  const signature = Buffer.from(await sign(Buffer.from(`${head}.${payloadOf(fields)}`, 'ascii'))).toString('base64url')
  return written({ ...fields, signature: `${head}..${signature}` })
}

export type SignedJson = { fields: Fields; kid: string; isSignedBy(key: PublicJwk): boolean }

/** undefined: not such a document. The text must be exactly as it was written: another space, order or spelling is another file. */
export function readSignedJson(text: string): SignedJson | undefined {
  try {
    return text.length > largest || !text.isWellFormed() ? undefined : read(text)
  } catch {
    return undefined // no JSON, or nested deeper than anything we write
  }
}

function read(text: string): SignedJson | undefined {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { signature, ...fields } = value as Record<string, Plain>
  if (typeof signature !== 'string' || written({ ...fields, signature }) !== text) return undefined
  const [head = '', nothing, held = '', ...more] = signature.split('.')
  if (nothing !== '' || more.length > 0) return undefined
  const jws = readJws(`${head}.${payloadOf(fields)}.${held}`)
  return jws?.header.typ !== typ ? undefined : { fields, kid: jws.header.kid, isSignedBy: key => isSignedBy(jws, key) }
}

const written = (value: Fields) => `${JSON.stringify(value, null, 2)}\n`
const payloadOf = (fields: Fields) => Buffer.from(canonical(fields), 'utf8').toString('base64url')
