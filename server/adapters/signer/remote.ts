import { connect, type Socket } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import type { CredentialKey, LogKey } from '../keys.ts'
import { SignerUnavailable, type Signer } from '../signer.ts'
import { Answer, base64, Keys, lines, type Ask } from './wire.ts'

/** The signer does not sign such a thing: trying again would not help. */
export class SignerRefused extends Error {
  override readonly name = 'SignerRefused'
}
/** Too many signatures in this minute: later. */
export class SignerLimited extends SignerUnavailable {
  override readonly name = 'SignerLimited'
}

export type RemoteSigner = { signer: Signer; credentialKey: CredentialKey; logKey: LogKey; close(): void }

type Reply = { [name: string]: unknown }
type Waiting = { resolve(answer: Reply): void; reject(error: Error): void; timer: NodeJS.Timeout }

const hour_ms = 3_600_000
const turn_ms = 10_000 // a large reissue comes to the end of the allowance, and goes on at its pace
const deadline_ms = 15_000 // a key service may be slow

/**
 * The keys of the signer process behind `socketPath`, as if they were here. Waits `patience_ms` for it to listen, then throws
 * SignerUnavailable; so does every signature while it is away, and after it came back with other keys than it had at first.
 */
export async function connectSigner(socketPath: string, patience_ms = 20_000): Promise<RemoteSigner> {
  const waiting = new Map<number, Waiting>()
  let socket: Socket | undefined
  let last = 0

  function open(): Socket {
    const opened = connect(socketPath)
    const gone = (error?: Error) => {
      if (socket === opened) socket = undefined
      for (const [id, { reject, timer }] of waiting) {
        clearTimeout(timer)
        waiting.delete(id)
        reject(new SignerUnavailable(`the signer is away${error ? ` (${error.message})` : ''}`))
      }
      opened.destroy()
    }
    opened.setEncoding('utf8').on('data', lines(hear, () => gone()) as (chunk: string | Buffer) => void).on('error', gone).on('close', () => { if (socket === opened) gone() })
    opened.unref() // an idle line keeps no process alive
    return opened
  }

  function hear(line: string) {
    const { data: answer } = Answer.safeParse(parsed(line))
    if (!answer) return void socket?.destroy()
    const asker = waiting.get(answer.id)
    if (!asker) return
    waiting.delete(answer.id)
    clearTimeout(asker.timer)
    if (waiting.size === 0) socket?.unref()
    asker.resolve(answer)
  }

  function ask(request: object): Promise<Reply> {
    socket ??= open()
    const line = socket
    return new Promise((resolve, reject) => {
      last += 1
      const id = last
      const timer = setTimeout(() => { waiting.delete(id); reject(new SignerUnavailable('the signer does not answer')) }, deadline_ms)
      waiting.set(id, { resolve, reject, timer })
      line.ref()
      line.write(`${JSON.stringify({ id, ...request })}\n`)
    }).then(answer => unlessFault(answer as Reply))
  }

  // Another signer at the other end may hold other keys: what it signs must not come under certificates that we remember. Lists may be newer.
  async function sameKeys() {
    const now = Keys.parse((await ask({ ask: 'keys' })).keys)
    if (!isDeepStrictEqual({ ...now, seal: { ...now.seal, crls: [] } }, { ...first, seal: { ...first.seal, crls: [] } })) {
      throw new SignerUnavailable('the signer has other keys now: Akashi must be started again')
    }
    signer.crls = now.seal.crls
  }
  let checked: { line: Socket; at: number; answer: Promise<void> } | undefined
  async function signed(what: Ask, data: Uint8Array): Promise<Uint8Array> {
    socket ??= open()
    if (checked?.line !== socket || Date.now() - checked.at > hour_ms) {
      checked = { line: socket, at: Date.now(), answer: sameKeys().catch(error => { checked = undefined; throw error }) }
    }
    await checked.answer
    return inTime(async () => (await ask({ ask: what, data: base64(data) })).signature as Uint8Array, SignerLimited, turn_ms, 250)
  }

  const first = Keys.parse((await inTime(() => ask({ ask: 'keys' }), SignerUnavailable, patience_ms, 50)).keys)
  const signer: Signer = { ...first.seal, sign: data => signed('seal', data), ready: async () => { await sameKeys(); await ask({ ask: 'ready' }) } }
  return {
    signer, credentialKey: { ...first.credential, sign: input => signed('credential', input) }, logKey: { ...first.log, sign: text => signed('checkpoint', text) },
    close: () => socket?.destroy(),
  }
}

function unlessFault(answer: Reply): Reply {
  if (answer.fault === 'refused') throw new SignerRefused(`the signer refused: ${answer.reason}`)
  if (answer.fault === 'limited') throw new SignerLimited(`the signer: ${answer.reason}`)
  if (answer.fault) throw new SignerUnavailable(`the signer: ${answer.reason}`)
  return answer
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

// Tries again while it fails in this way and there is time.
async function inTime<T>(work: () => Promise<T>, fault: typeof SignerUnavailable | typeof SignerLimited, patience_ms: number, pause_ms: number): Promise<T> {
  for (const end = Date.now() + patience_ms; ; await new Promise(resolve => setTimeout(resolve, pause_ms))) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof fault) || Date.now() > end) throw error
    }
  }
}

