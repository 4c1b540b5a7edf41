import type { Line } from './request.ts'

const away = [502, 503, 504] // what stands in front of it says that it is not there; any other answer is its own
const largest = 65_536 // bytes of an answer; tokens with their chain have some 6,000
const memory_ms = 60_000

/** An authority at an address (RFC 3161, 3.4). Name and password may stand in the address. */
export function lineTo(address: string, { now = Date.now, deadline_ms = 5_000 }: { now?: () => number; deadline_ms?: number } = {}): Line {
  const url = new URL(address)
  const { username, password } = url
  url.username = url.password = ''
  const authorization = username ? { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` } : undefined
  let asked: { at: number; answer: Promise<void> } | undefined

  return {
    async ask(request) {
      const reply = await fetch(url, {
        method: 'POST', body: Buffer.from(request), signal: AbortSignal.timeout(deadline_ms), redirect: 'error',
        headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply', ...authorization },
      }).catch(error => { throw new Error(`${url.host}: ${told(error)}`) })
      if (!reply.ok) {
        await reply.body?.cancel()
        throw new Error(`${url.host} answered ${reply.status}`)
      }
      return bounded(reply).catch(error => { throw new Error(`${url.host}: ${told(error)}`) })
    },
    // Tokens may cost money: any answer to a plain GET shows that somebody is there, and holds for a minute.
    reachable() {
      if (!asked || now() - asked.at > memory_ms) {
        const answer = fetch(url, { signal: AbortSignal.timeout(deadline_ms), redirect: 'manual', headers: { ...authorization } }).then(async ({ status, body }) => {
          await body?.cancel()
          if (away.includes(status)) throw new Error(`${url.host} answered ${status}`)
        })
        answer.catch(() => undefined)
        asked = { at: now(), answer }
      }
      return asked.answer
    },
  }
}

async function bounded({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > largest) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function told(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? cause.message || message : message
}
