import type { LookupAddress } from 'node:dns'
import { lookup, Resolver } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import ipaddr from 'ipaddr.js'

/** What a foreign receiver answered, or why there is no answer. Never what it wrote: that is its own business, and may be anything. */
export type Answered = { status: number; ms: number } | { problem: OutboundProblem; ms: number }
export const outboundProblems = ['address_unusable', 'address_private', 'name_unknown', 'refused', 'timeout', 'tls', 'redirected', 'broken'] as const
export type OutboundProblem = (typeof outboundProblems)[number]
export type Outbound = { post(url: string, message: { headers: Record<string, string>; body: string }): Promise<Answered>; mayReach(url: string): OutboundProblem | null }
type Resolve = (name: string) => Promise<LookupAddress[]>

type Limits = { connectMs: number; wholeMs: number; answerBytes: number }
const usual: Limits = { connectMs: 5_000, wholeMs: 10_000, answerBytes: 65_536 }

/**
 * The addresses of a name, asked for over the network. The system's own look-up would wait in one of four threads that files need too: a few
 * silent name servers would hold up everything. It also knows names of the house (hosts file, search domains), which are nobody's to use here.
 */
export const byDns = ({ servers, timeout = 1_500 }: { servers?: string[]; timeout?: number } = {}): Resolve => async name => {
  const resolver = new Resolver({ timeout, tries: 2 })
  if (servers) resolver.setServers(servers)
  const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  return found.flatMap((answer, nth) => (answer.status === 'fulfilled' ? answer.value.map(address => ({ address, family: nth === 0 ? 4 : 6 })) : []))
}

// Names that no public name server may answer for (RFC 6761, RFC 6762, ICANN's .internal), and those without a dot.
const neverPublic = /^[^.]+$|\.(localhost|local|internal|home\.arpa|test|invalid|onion|lan|corp|intranet)\.?$/i

// A server of the world on a port for the web: 443, or one that no other service is known by.
function isForeign(host: string, port: string): boolean {
  if (port !== '' && Number(port) < 1024) return false
  return ipaddr.isValid(host) ? isPublic(host) : !neverPublic.test(host)
}

const byHouse: Resolve = name => lookup(name, { all: true })

/**
 * Posts to addresses that strangers type in. The name is resolved here, every address it has must be a public one, and the connection goes to
 * exactly the addresses that were looked at: whoever changes a name's answer between look and connection (DNS rebinding) wins nothing. No
 * redirect is followed, no proxy asked, nothing read beyond a bound. `privateTargets`: for development and tests only.
 */
export function outbound({ privateTargets = false, resolve = privateTargets ? byHouse : byDns(), limits = usual }: { privateTargets?: boolean; resolve?: Resolve; limits?: Limits } = {}): Outbound {
  const judge = (url: string): { target: URL } | OutboundProblem => {
    const target = URL.parse(url)
    if (!target || target.username || target.password || !target.hostname) return 'address_unusable'
    if (target.protocol !== 'https:' && !(privateTargets && target.protocol === 'http:')) return 'address_unusable'
    return privateTargets || isForeign(target.hostname.replace(/^\[|\]$/g, ''), target.port) ? { target } : 'address_private'
  }

  const addressesOf = async (name: string) => {
    if (ipaddr.isValid(name)) return [{ address: name, family: ipaddr.parse(name).kind() === 'ipv4' ? 4 : 6 }]
    return Promise.race([resolve(name), late(limits.connectMs)]).catch(() => undefined)
  }

  async function post(url: string, { headers, body }: { headers: Record<string, string>; body: string }): Promise<Answered> {
    const begun = performance.now()
    const since = () => Math.round(performance.now() - begun)
    const judged = judge(url)
    if (typeof judged === 'string') return { problem: judged, ms: since() }
    const addresses = await addressesOf(judged.target.hostname.replace(/^\[|\]$/g, ''))
    if (!addresses || addresses.length === 0) return { problem: 'name_unknown', ms: since() }
    if (!privateTargets && !addresses.every(one => isPublic(one.address))) return { problem: 'address_private', ms: since() }
    return send(judged.target, addresses, { headers, body, limits: { ...limits, wholeMs: limits.wholeMs - since() } }).then(status => (status >= 300 && status < 400 ? { problem: 'redirected' as const, ms: since() } : { status, ms: since() }), (error: unknown) => ({ problem: problemOf(error), ms: since() }))
  }

  return { post, mayReach: url => { const judged = judge(url); return typeof judged === 'string' ? judged : null } }
}

/** Public unicast only: whatever else an address may be (private, loopback, link-local, shared, mapped, translated, reserved) leads into somebody's house. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address) // an IPv4 address dressed as IPv6 is judged as what it is
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || isGlobal(parsed as ipaddr.IPv6))
}

// Of IPv6, only 2000::/3 was ever given out. What lies outside (::7f00:1, the old form of 127.0.0.1, too) is nobody's receiver.
const isGlobal = (address: ipaddr.IPv6) => address.match(ipaddr.IPv6.parse('2000::'), 3)

type Sent = { headers: Record<string, string>; body: string; limits: Limits }

function send(target: URL, addresses: LookupAddress[], { headers, body, limits }: Sent): Promise<number> {
  const { request } = target.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const sent = request(target, {
      method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'Akashi-Webhooks/1' }, agent: false,
      ...oneAfterTheOther(limits),
      lookup: (_, options, answer) => (options.all ? answer(null, addresses) : answer(null, addresses[0]?.address ?? '', addresses[0]?.family)), // what was judged, and nothing else
    })
    const connecting = setTimeout(() => sent.destroy(new Late()), limits.connectMs), whole = setTimeout(() => sent.destroy(new Late()), limits.wholeMs)
    const settle = () => { clearTimeout(connecting); clearTimeout(whole) }
    sent.on('socket', socket => socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connecting))) // who has connected may think until the whole time is over
    sent.on('error', error => { settle(); reject(error) })
    sent.on('response', answer => {
      let read = 0
      answer.on('data', (chunk: Buffer) => { read += chunk.length; if (read > limits.answerBytes) answer.destroy() })
      answer.on('close', () => { settle(); resolve(answer.statusCode ?? 0) }).on('error', () => undefined)
    })
    sent.end(body)
  })
}

// When the first address does not listen, the next of those that were judged. The socket's own options, which the types of a request do not know.
const oneAfterTheOther = ({ connectMs }: Limits) => ({ autoSelectFamily: true, autoSelectFamilyAttemptTimeout: Math.ceil(connectMs / 3) })

class Late extends Error {}
const late = (ms: number) => new Promise<never>((_, reject) => { setTimeout(() => reject(new Late()), ms).unref() })

function problemOf(error: unknown): OutboundProblem {
  const { code = '' } = error as { code?: string }
  if (error instanceof Late || code === 'ETIMEDOUT') return 'timeout'
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'refused'
  return /CERT|TLS|SSL|UNABLE_TO|SELF_SIGNED|EPROTO/.test(code) ? 'tls' : 'broken'
}
