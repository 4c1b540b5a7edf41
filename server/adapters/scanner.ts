import net from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type ScanVerdict = { status: 'clean' | 'infected' | 'error' | 'unscanned'; detail: string; engine: string }

/**
 * Looks for malware in a stream, never whole in memory. `error` is the scanner's own failure (down, silent, over its limits): ask again
 * later and serve nothing meanwhile. Rejects only when the body itself breaks. `off` does not read the body and answers `unscanned`.
 */
export type Scanner = { name: 'clamd' | 'stub' | 'off'; scan(body: AsyncIterable<Uint8Array>): Promise<ScanVerdict> }

export type ClamdPlace = { host: string; port: number } | { socket: string }

/** ClamAV's daemon, over INSTREAM. Its StreamMaxLength must lie above the upload limit. */
export function clamdScanner(place: ClamdPlace, idleMs = 60_000): Scanner {
  const at: net.NetConnectOpts = 'socket' in place ? { path: place.socket } : place
  return {
    name: 'clamd',
    async scan(body) {
      let broken: { error: unknown } | undefined
      const source = watched(body, error => { broken = { error } })
      try {
        const engine = await ask(at, Readable.from([Buffer.from('zVERSION\0')]), idleMs)
        return { ...verdictOf(await ask(at, Readable.from(framed(source)), idleMs)), engine }
      } catch (error) {
        if (broken) throw broken.error
        if (body instanceof Readable) body.destroy()
        return { status: 'error', detail: error instanceof Error ? error.message : 'no answer', engine: '' }
      }
    },
  }
}

/** For development and tests: knows EICAR and nothing else. Production refuses it. */
export function stubScanner(): Scanner {
  return {
    name: 'stub',
    async scan(body) {
      let seen = Buffer.alloc(0)
      let infected = false
      for await (const chunk of body) {
        const border = Buffer.concat([seen, chunk.subarray(0, eicar.length - 1)]) // of two chunks
        infected ||= border.includes(eicar) || Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).includes(eicar)
        seen = Buffer.concat([seen, chunk.subarray(-(eicar.length - 1))]).subarray(-(eicar.length - 1))
      }
      return infected ? { status: 'infected', detail: 'Eicar-Test-Signature', engine: 'stub' } : { status: 'clean', detail: '', engine: 'stub' }
    },
  }
}

/** An explicit SCAN=off: on record and shown as unscanned. */
export function noScanner(): Scanner {
  return {
    name: 'off',
    async scan(body) {
      if (body instanceof Readable) body.destroy()
      return { status: 'unscanned', detail: '', engine: 'off' }
    },
  }
}

// In two halves, so that no scanner takes this file for the test virus.
const eicar = Buffer.from('X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR' + '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*', 'latin1')

async function* watched(body: AsyncIterable<Uint8Array>, onBreak: (error: unknown) => void) {
  try {
    yield* body
  } catch (error) {
    onBreak(error)
    throw error
  }
}

// clamd's frame: length, bytes, … and a length of zero for the end, which an empty chunk would be taken for.
async function* framed(body: AsyncIterable<Uint8Array>) {
  yield Buffer.from('zINSTREAM\0')
  for await (const chunk of body) {
    if (chunk.length === 0) continue
    const length = Buffer.alloc(4)
    length.writeUInt32BE(chunk.length)
    yield length
    yield chunk
  }
  yield Buffer.alloc(4)
}

// Sends everything, gathers the answer until the peer closes. Rejects when there is none within `idleMs` of silence.
function ask(at: net.NetConnectOpts, question: Readable, idleMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(at)
    let answer = ''
    let failure: Error | undefined
    socket.setTimeout(idleMs, () => socket.destroy(new Error('clamd does not answer')))
    socket.on('data', data => { answer += data })
    socket.on('error', error => { failure = error })
    socket.on('close', () => {
      const line = answer.replaceAll('\0', '').trim()
      if (line) resolve(line) // over a limit clamd says so, then resets: the answer counts more than the reset
      else reject(failure ?? new Error('clamd closed without an answer'))
    })
    socket.on('connect', () => { pipeline(question, socket, { end: false }).catch(error => socket.destroy(error)) })
  })
}

function verdictOf(line: string): { status: ScanVerdict['status']; detail: string } {
  const found = /^stream: (.*) FOUND$/.exec(line)?.[1]
  if (line === 'stream: OK') return { status: 'clean', detail: '' }
  if (!found) return { status: 'error', detail: line }
  if (found.startsWith('Heuristics.Limits.Exceeded')) return { status: 'error', detail: found } // over a limit is not scanned
  return { status: 'infected', detail: found }
}
