import type { PublicJwk } from './jws.ts'

/** did:web of an address: the port's colon is written %3A, a path becomes colons (did:web method, 3.2). */
export function didOf(publicUrl: string): string {
  const { host, pathname } = new URL(publicUrl)
  return ['did:web', host.replace(':', '%3A'), ...pathname.split('/').filter(Boolean)].join(':')
}

/** The key that a header's `kid` (DID URL with fragment) names in a DID document, if the document lets it assert. `kid` decides nothing but which. */
export function keyIn(didDocument: string, kid: string): PublicJwk | undefined {
  const document = parsed(didDocument)
  if (!document || typeof document.id !== 'string' || kid.split('#')[0] !== document.id) return undefined
  const isNamed = (id: unknown) => id === kid || (typeof id === 'string' && id.startsWith('#') && document.id + id === kid)
  const asserting = list(document.assertionMethod)
  if (!asserting.some(each => isNamed(typeof each === 'string' ? each : each?.id))) return undefined
  const jwk = [...list(document.verificationMethod), ...asserting].find(each => typeof each === 'object' && isNamed(each?.id)) as Method | undefined
  const { kty, crv, x, y } = jwk?.publicKeyJwk ?? {}
  return kty === 'EC' && crv === 'P-256' && typeof x === 'string' && typeof y === 'string' ? { kty, crv, x, y } : undefined
}

type Method = { id?: unknown; publicKeyJwk?: Record<string, unknown> | null }
type Document = { id?: unknown; verificationMethod?: unknown; assertionMethod?: unknown }

const list = (value: unknown): (Method | string | null)[] => (Array.isArray(value) ? value.slice(0, 200) : [])

function parsed(text: string): Document | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
