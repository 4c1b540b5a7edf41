import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { inside, readDer, tag, bytesOf } from '../../proof/seal/der.ts'
import { oid } from '../../proof/seal/oid.ts'
import { readTimeStamp, timeStampHolds, type TimeStamp } from '../../proof/seal/time-stamp.ts'
import { der, integer, objectIdentifier, octetString, sequence } from '../../proof/seal/write-der.ts'
import { TimeStampUnavailable, type TimeStamps } from '../time-stamps.ts'

/** What an authority is asked through: a TimeStampReq goes in, a TimeStampResp comes out (DER); `reachable` costs no token. */
export type Line = { ask(request: Uint8Array): Promise<Uint8Array>; reachable(): Promise<void> }

type Trust = { root: Uint8Array; chain: Uint8Array[]; crls: Uint8Array[]; development: boolean; now: () => Date }

const patience_ms = 5 * 60_000 // how far an authority's clock may be from ours
const slack = 512 // bytes: serial numbers and signatures of the next token may be longer
const step = 256 // so that the room, and with it the page, stays the same from token to token
const unmeasured = 12_288 // until the first token: what the largest public authorities give with their chain

/** Time stamps over one or several lines, tried in turn. One token is taken at once, so that `room` is a measured size. */
export async function timeStampsOver(lines: Line[], { root, chain, crls, development, now }: Trust): Promise<TimeStamps> {
  const between = chain.map(der => new X509Certificate(der))
  let room = unmeasured
  let leaf: Uint8Array | undefined

  async function stamp(data: Uint8Array): Promise<Uint8Array> {
    const reasons: string[] = []
    for (const { ask } of lines) {
      try {
        const nonce = Buffer.concat([Buffer.from([0x40]), randomBytes(15)]) // positive and minimal as a DER INTEGER
        const { token, certificate } = accepted(await ask(requestFor(data, nonce)), { data, nonce, root, between, now: now() })
        room = Math.max(room === unmeasured ? 0 : room, Math.ceil((token.length + slack) / step) * step)
        leaf = certificate.raw
        return token
      } catch (error) {
        reasons.push(error instanceof Error ? error.message : String(error))
      }
    }
    throw new TimeStampUnavailable(`no time stamp: ${reasons.join('; ')}`)
  }

  await stamp(randomBytes(32)).catch(() => undefined) // away at the start: health says so, and the first token brings the measure
  return {
    get room() { return room }, get leaf() { return leaf }, root, chain, crls, development, stamp,
    ready: () => Promise.any(lines.map(line => line.reachable())).catch(() => { throw new TimeStampUnavailable('no time-stamp authority answers') }),
  }
}

function requestFor(data: Uint8Array, nonce: Uint8Array): Uint8Array {
  const imprint = sequence(sequence(objectIdentifier(oid.sha256)), octetString(createHash('sha256').update(data).digest()))
  return sequence(integer(Uint8Array.of(1)), imprint, integer(nonce), der(tag.boolean, Uint8Array.of(0xff)))
}

type Expected = { data: Uint8Array; nonce: Uint8Array; root: Uint8Array; between: X509Certificate[]; now: Date }

// A token that we would not accept later must not come into a certificate now.
function accepted(reply: Uint8Array, { data, nonce, root, between, now }: Expected): TimeStamp & { token: Uint8Array } {
  const [info, given] = inside(readDer(reply))
  const [status = 255] = bytesOf(inside(info)[0], tag.integer)
  if (status > 1) throw new Error(`the authority refused (status ${status})`) // 0 granted, 1 granted with changes: checked below
  if (!given) throw new Error('the authority sent no token')
  const token = given.whole
  const stamp = readTimeStamp(token)
  if (!stamp.nonce || !Buffer.from(nonce).equals(stamp.nonce)) throw new Error('the time stamp answers another request')
  if (Math.abs(stamp.at.getTime() - now.getTime()) > patience_ms) throw new Error(`the time stamp says ${stamp.at.toISOString()}, more than five minutes from our clock`)
  if (!timeStampHolds(stamp, data, root, between)) throw new Error('the time stamp is not valid, or leads to another root')
  return { ...stamp, token }
}
