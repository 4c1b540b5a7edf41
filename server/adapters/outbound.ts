import { lookup as lookupName, type LookupAddress } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import ipaddr from 'ipaddr.js'

/** What a foreign receiver answered, or why there is no answer. Never what it wrote: that is its own business, and may be anything. */
export type Answered = { status: number; ms: number } | { problem: OutboundProblem; ms: number }
export const outboundProblems = ['address_unusable', 'address_private', 'name_unknown', 'refused', 'timeout', 'tls', 'redirected', 'broken'] as const
export type OutboundProblem = (typeof outboundProblems)[number]
export type Outbound = { post(url: string, message: { headers: Record<string, string>; body: string }): Promise<Answered>; mayReach(url: string): OutboundProblem | null }
type Resolve = (name: string) => Promise<LookupAddress[]>

const limits = { connectMs: 5_000, wholeMs: 10_000, answerBytes: 65_536 }

const byDns: Resolve = name => new Promise((resolve, reject) => lookupName(name, { all: true, verbatim: true }, (error, found) => (error ? reject(error) : resolve(found))))

/**
 * Posts to addresses that strangers type in. The name is resolved here, every address it has must be a public one, and the connection goes to
 * exactly the address that was looked at: whoever changes a name's answer between look and connection (DNS rebinding) wins nothing. No
 * redirect is followed, no proxy asked, nothing read beyond a bound. `privateTargets`: for development and tests only.
 */
export function outbound({ privateTargets = false, resolve = byDns }: { privateTargets?: boolean; resolve?: Resolve } = {}): Outbound {
  const judge = (url: string): { target: URL } | OutboundProblem => {
    const target = URL.parse(url)
    if (!target || target.username || target.password || !target.hostname) return 'address_unusable'
    if (target.protocol !== 'https:' && !(privateTargets && target.protocol === 'http:')) return 'address_unusable'
    const literal = target.hostname.replace(/^\[|\]$/g, '')
    return ipaddr.isValid(literal) && !privateTargets && !isPublic(literal) ? 'address_private' : { target }
  }

  async function post(url: string, { headers, body }: { headers: Record<string, string>; body: string }): Promise<Answered> {
    const begun = performance.now()
    const since = () => Math.round(performance.now() - begun)
    const judged = judge(url)
    if (typeof judged === 'string') return { problem: judged, ms: since() }
    const addresses = await Promise.race([resolve(judged.target.hostname.replace(/^\[|\]$/g, '')), late(limits.connectMs)]).catch(() => undefined)
    const [address] = addresses ?? []
    if (!addresses || !address) return { problem: 'name_unknown', ms: since() }
    if (!privateTargets && !addresses.every(one => isPublic(one.address))) return { problem: 'address_private', ms: since() }
    return send(judged.target, address, { headers, body }).then(status => (status >= 300 && status < 400 ? { problem: 'redirected' as const, ms: since() } : { status, ms: since() }), (error: unknown) => ({ problem: problemOf(error), ms: since() }))
  }

  return { post, mayReach: url => { const judged = judge(url); return typeof judged === 'string' ? judged : null } }
}

/** Public unicast only: whatever else an address may be (private, loopback, link-local, shared, mapped, translated, reserved) leads into somebody's house. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address) // an IPv4 address dressed as IPv6 is judged as what it is
  return parsed.range() === 'unicast'
}

function send(target: URL, { address, family }: LookupAddress, { headers, body }: { headers: Record<string, string>; body: string }): Promise<number> {
  const { request } = target.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const sent = request(target, {
      method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'Akashi-Webhooks/1' }, agent: false, timeout: limits.connectMs,
      lookup: (_, options, answer) => (options.all ? answer(null, [{ address, family }]) : answer(null, address, family)), // the address that was judged, and no other
    })
    const clock = setTimeout(() => sent.destroy(new Late()), limits.wholeMs)
    sent.on('timeout', () => sent.destroy(new Late())).on('error', error => { clearTimeout(clock); reject(error) })
    sent.on('response', answer => {
      let read = 0
      answer.on('data', (chunk: Buffer) => { read += chunk.length; if (read > limits.answerBytes) answer.destroy() })
      answer.on('close', () => { clearTimeout(clock); resolve(answer.statusCode ?? 0) }).on('error', () => undefined)
    })
    sent.end(body)
  })
}

class Late extends Error {}
const late = (ms: number) => new Promise<never>((_, reject) => { setTimeout(() => reject(new Late()), ms).unref() })

function problemOf(error: unknown): OutboundProblem {
  const { code = '' } = error as { code?: string }
  if (error instanceof Late || code === 'ETIMEDOUT') return 'timeout'
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'refused'
  return /CERT|TLS|SSL|UNABLE_TO|SELF_SIGNED|EPROTO/.test(code) ? 'tls' : 'broken'
}
