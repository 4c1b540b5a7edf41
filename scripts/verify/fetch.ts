import { asText } from './read.ts'

export class Unreachable extends Error {}

const patience_ms = 30_000

/** At most `most` bytes of what stands at this address; undefined for 404. Throws Unreachable, in words. */
export async function bytesAt(address: string, most: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunksAt(address)) {
    if (chunk === undefined) return undefined
    size += chunk.length
    if (size > most) throw new Unreachable(`${address} gives more than ${most} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export async function textAt(address: string, most: number): Promise<string | undefined> {
  const bytes = await bytesAt(address, most)
  return bytes && asText(bytes)
}

/** Line by line, none longer than `most` bytes. Throws Unreachable. */
export async function* linesAt(address: string, most: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const chunk of chunksAt(address)) {
    if (chunk === undefined) throw new Unreachable(`${address} is not there`)
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > most) throw new Unreachable(`${address} has a line without end`)
    yield* lines
  }
  if (rest !== '') throw new Unreachable(`${address} ends in the middle of a line`)
}

// Patience is for silence, not for length: a whole register may take its time.
async function* chunksAt(address: string): AsyncGenerator<Uint8Array | undefined> {
  const silence = new AbortController(), timer = setTimeout(() => silence.abort(new Unreachable(`${address} keeps silent`)), patience_ms)
  try {
    const reply = await fetch(address, { redirect: 'error', signal: silence.signal, headers: { accept: '*/*' } })
    if (reply.status === 404) {
      yield undefined
      return
    }
    if (!reply.ok || !reply.body) throw new Unreachable(`${address} answers ${reply.status}`)
    for await (const chunk of reply.body as unknown as AsyncIterable<Uint8Array>) {
      timer.refresh()
      yield chunk
    }
  } catch (error) {
    throw error instanceof Unreachable ? error : new Unreachable(`${address}: ${reason(error)}`)
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

const reason = (error: unknown) => {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message ?? 'no answer'
}
