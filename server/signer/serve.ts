import { chmod, mkdir, rm, stat } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import path from 'node:path'
import type { Logger } from 'pino'
import { base64, lines, Request } from '../adapters/signer/wire.ts'
import type { SigningKeys, Verdict } from './sign.ts'

const longestPath = 107 // bytes (unix(7): sun_path with its zero)
const farewell_ms = 2_000 // one whose server was killed is about to end

type Served = { keys: SigningKeys; sign(ask: 'seal' | 'credential' | 'checkpoint', data: Uint8Array): Promise<Verdict>; logger: Logger; onBroken(error: unknown): void }

/**
 * Listens on a Unix socket that only this user may open (directory 0700, socket 0600). What a dead process left there is removed; a living
 * one makes it throw, because two signers would keep two ledgers.
 */
export async function serveOn(socketPath: string, served: Served): Promise<Server> {
  if (Buffer.byteLength(socketPath) > longestPath) throw new Error(`${socketPath}: longer than the ${longestPath} bytes that the kernel takes for a socket`)
  await ownDirectory(path.dirname(socketPath))
  for (const end = Date.now() + farewell_ms; await someoneAnswers(socketPath); await new Promise(resolve => setTimeout(resolve, 100))) {
    if (Date.now() > end) throw new Error(`${socketPath}: another signer is running`)
  }
  await rm(socketPath, { force: true })
  const server = createServer(socket => attend(socket, served))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve))
  await chmod(socketPath, 0o600)
  return server
}

async function ownDirectory(directory: string) {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const { uid, mode } = await stat(directory)
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) throw new Error(`${directory} must belong to this user alone (mode 0700)`)
}

const someoneAnswers = (socketPath: string) => new Promise<boolean>(resolve => {
  const probe = connect(socketPath, () => { probe.destroy(); resolve(true) })
  probe.once('error', () => resolve(false))
})

function attend(socket: Socket, { keys, sign, logger, onBroken }: Served) {
  const say = (answer: object) => { if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`) }
  const hear = lines(line => void answer(line), () => socket.destroy())
  socket.setEncoding('utf8').on('data', hear as (chunk: string | Buffer) => void).on('error', () => socket.destroy())

  async function answer(line: string) {
    const request = Request.safeParse(parsed(line))
    if (!request.success) return socket.destroy() // whoever does not speak our language has no business here
    const { id } = request.data
    try {
      if (request.data.ask === 'keys') return say({ id, keys: publicKeys(keys) })
      if (request.data.ask === 'ready') return say(await keys.signer.ready().then(() => ({ id, ready: true }), error => ({ id, fault: 'unavailable', reason: told(error) })))
      const { ask, data } = request.data
      const verdict = await sign(ask, data)
      if ('fault' in verdict) logger[verdict.fault === 'limited' ? 'debug' : 'warn']({ ask, ...verdict }, 'not signed') // who is limited comes again at once
      say('fault' in verdict ? { id, ...verdict } : { id, signature: base64(verdict.signature) })
    } catch (error) {
      say({ id, fault: 'unavailable', reason: 'the signer failed' })
      onBroken(error)
    }
  }
}

function publicKeys({ signer, credentialKey, logKey }: SigningKeys) {
  const { keyId, algorithm, certificate, chain, root, crls, development } = signer
  return {
    seal: { keyId, algorithm, certificate: base64(certificate), chain: chain.map(base64), root: base64(root), crls: crls.map(base64), development },
    credential: { kid: credentialKey.kid, publicJwk: credentialKey.publicJwk }, log: { publicKey: base64(logKey.publicKey) },
  }
}

const told = (error: unknown) => error instanceof Error ? error.message : String(error)

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
