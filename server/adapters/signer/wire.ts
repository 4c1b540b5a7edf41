import { z } from 'zod'

// What crosses the signer's socket: one JSON text a line, in both directions; bytes are base64. Many requests may wait on one connection.
const bytes = z.base64().transform(text => new Uint8Array(Buffer.from(text, 'base64')))

export const asks = ['seal', 'credential', 'checkpoint'] as const
/** seal: signed attributes (DER) · credential: JWS signing input, or a compact code · checkpoint: the text of a note of the log. */
export type Ask = (typeof asks)[number]

export const Request = z.discriminatedUnion('ask', [
  z.object({ id: z.int(), ask: z.literal('keys') }), z.object({ id: z.int(), ask: z.literal('ready') }), z.object({ id: z.int(), ask: z.enum(asks), data: bytes }),
])

/** refused: we do not sign such a thing · limited: too many in this minute · unavailable: whoever holds the key is away. */
export const faults = ['refused', 'limited', 'unavailable'] as const

export const Answer = z.union([
  z.object({ id: z.int(), fault: z.enum(faults), reason: z.string() }), z.object({ id: z.int(), signature: bytes }),
  z.object({ id: z.int(), ready: z.literal(true) }), z.object({ id: z.int(), keys: z.looseObject({}) }),
])

export const Keys = z.object({
  seal: z.object({
    keyId: z.string(), algorithm: z.enum(['RS256', 'ES256']), certificate: bytes, chain: z.array(bytes), root: bytes, crls: z.array(bytes), development: z.boolean(),
  }),
  credential: z.object({ kid: z.string(), publicJwk: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }) }),
  log: z.object({ publicKey: bytes }),
})

export const longestLine = 1_500_000 // characters: signed attributes carry lists of revoked certificates

export const base64 = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')

/** Cuts a stream of text into lines; calls `onTooLong` once when one does not end in time. */
export function lines(onLine: (line: string) => void, onTooLong: () => void): (chunk: string) => void {
  let rest = ''
  return chunk => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    if (rest.length > longestLine || parts.some(part => part.length > longestLine)) return onTooLong()
    for (const part of parts) onLine(part)
  }
}
