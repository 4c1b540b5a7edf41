import { CertificateRevocationList } from 'pkijs'
import { signedAttributes } from '../certificates/signature/attributes.ts'
import { readCheckpoint, type Checkpoint } from '../proof/checkpoint.ts'
import { inside, oidOf, readDer, sameBytes, tag, bytesOf } from '../proof/seal/der.ts'
import { oid } from '../proof/seal/oid.ts'
import { toBeSigned } from '../proof/seal/write-signed-data.ts'

// What the signer puts its keys under. Everything else is refused, with a reason: whoever asks may have been taken over.

const mostRevocation = 512 * 1024 // bytes of lists in one seal

/** Signed attributes of a seal by this certificate: exactly what our own writer makes of a digest and lists of revoked ones, byte by byte. */
export function whyNotSeal(der: Uint8Array, certificate: Uint8Array): string | undefined {
  try {
    const { digest, crls } = readAttributes(der)
    if (digest.length !== 32) return 'the digest has not 32 bytes'
    crls.forEach(refuseUnlessList)
    const ours = toBeSigned(signedAttributes(digest, certificate, crls))
    return sameBytes(ours, der) ? undefined : 'these are not the signed attributes of a seal by our certificate'
  } catch {
    return 'these are no signed attributes'
  }
}

function readAttributes(der: Uint8Array): { digest: Uint8Array; crls: Uint8Array[] } {
  const values = new Map(inside(readDer(der), tag.set).map(attribute => {
    const [type, set] = inside(attribute)
    return [oidOf(type), inside(set, tag.set)[0]]
  }))
  const revocation = values.get(oid.revocation)
  const crls = revocation ? inside(inside(inside(revocation)[0], 0xa0)[0]).map(({ whole }) => whole) : []
  if (crls.reduce((sum, crl) => sum + crl.length, 0) > mostRevocation) throw new Error('too much')
  return { digest: bytesOf(values.get(oid.messageDigest), tag.octets), crls }
}

// The same few lists come with every seal: each is parsed once.
const lists = new Set<string>()

function refuseUnlessList(crl: Uint8Array) {
  const text = Buffer.from(crl).toString('base64')
  if (lists.has(text)) return
  CertificateRevocationList.fromBER(new Uint8Array(crl))
  if (lists.size > 100) lists.clear()
  lists.add(text)
}

const types = ['vc+jwt', 'akashi+jws']
const headerFields = ['alg', 'kid', 'typ', 'cty']
const codeHead = 'akashi-code-1\n'

/** The signing input of a JWS by this key and of a kind we issue, or the text of a compact offline code. */
export function whyNotCredential(input: Uint8Array, kid: string): string | undefined {
  const text = Buffer.from(input).toString('latin1')
  if (text.startsWith(codeHead)) return input.length <= 2048 ? undefined : 'the code is too long'
  const [, head = '', payload = ''] = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/.exec(text) ?? []
  const header = jsonIn(head)
  if (!header || !jsonIn(payload)) return 'this is no signing input of a JWS over a JSON object'
  if (Object.keys(header).some(name => !headerFields.includes(name))) return 'the header has other fields than alg, kid, typ, cty'
  if (header.alg !== 'ES256' || typeof header.kid !== 'string' || !types.includes(String(header.typ))) return 'the header is not of a kind we sign'
  return header.kid === kid || header.kid.endsWith(`#${kid}`) ? undefined : 'the header names another key'
}

/** Whether this is the signing input of a proof: the only thing that a visitor can have signed. */
export const isProof = (input: Uint8Array): boolean => jsonIn(Buffer.from(input).toString('latin1').split('.', 1)[0] ?? '')?.typ === 'akashi+jws'

function jsonIn(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined
  } catch {
    return undefined
  }
}

/** A checkpoint (C2SP) of three lines, or undefined. */
export function checkpointIn(bytes: Uint8Array): Checkpoint | undefined {
  const text = Buffer.from(bytes).toString('utf8')
  const read = readCheckpoint(text)
  return read && text === checkpointText(read) ? read : undefined
}

const checkpointText = ({ origin, size, root }: Checkpoint) => `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`

/** A log that took back or exchanged what it once promised would be two logs: the key signs only one. */
export function whyNotCheckpoint(next: Checkpoint, last: Checkpoint | undefined): string | undefined {
  if (!last) return undefined
  if (next.size < last.size) return `a checkpoint of ${last.size} lines is already signed, this one has ${next.size}`
  if (next.size === last.size && !Buffer.from(next.root).equals(last.root)) return `another root is already signed for ${last.size} lines`
  return undefined
}
