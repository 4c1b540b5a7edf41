import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clamdScanner, noScanner, stubScanner } from '../../server/adapters/scanner.ts'
import { eicar, startClamd } from '../support/clamd.ts'
import { bytes, megabytes } from '../support/documents-contract.ts'
import { describeJudged } from '../support/judges.ts'
import { memoryWatch } from '../support/memory.ts'

const MB = 1024 * 1024

async function* breaking() {
  yield Buffer.from('half of it')
  throw new Error('the store broke')
}

describeJudged('clamd', ['clamd'], () => {
  let clamd: Awaited<ReturnType<typeof startClamd>>
  let small: Awaited<ReturnType<typeof startClamd>>
  beforeAll(async () => { [clamd, small] = await Promise.all([startClamd(), startClamd({ limitMb: 1 })]) })
  afterAll(() => Promise.all([clamd?.close(), small?.close()]))
  const scan = (body: AsyncIterable<Uint8Array>) => clamdScanner({ socket: clamd.socket }).scan(body)

  it('finds nothing in what is clean, and names the engine', async () => {
    expect(await scan(bytes('賃金台帳', '', 'の中身'))).toEqual({ status: 'clean', detail: '', engine: expect.stringMatching(/^ClamAV \d/) })
  })

  it('finds the test virus, alone, inside another file, and in pieces', async () => {
    for (const body of [bytes(eicar), bytes(`before ${eicar} after`), bytes(eicar.slice(0, 30), eicar.slice(30))]) {
      expect(await scan(body)).toMatchObject({ status: 'infected', detail: expect.stringMatching(/^Eicar-/) })
    }
  })

  it('scans an empty body', async () => expect(await scan(bytes())).toMatchObject({ status: 'clean' }))

  it('scans 50 MB with flat memory', async () => {
    const allowed = 15 * MB, memory = memoryWatch(allowed)
    expect(await scan(megabytes(50, memory.look))).toMatchObject({ status: 'clean' })
    expect(memory.worst()).toBeLessThan(allowed)
  })

  it('never calls clean what is over a limit of the scanner', async () => {
    expect(await clamdScanner({ socket: small.socket }).scan(megabytes(5))).toMatchObject({ status: 'error' })
  })

  it('passes on that the body broke, as that is not the scanner’s fault', async () => {
    await expect(scan(breaking())).rejects.toThrow('the store broke')
  })
})

describe('a clamd that misbehaves', () => {
  let server: Server | undefined
  const open = new Set<Socket>()
  afterEach(() => {
    for (const socket of open) socket.destroy()
    open.clear()
    server?.close()
  })
  const answering = async (answer: (question: string, socket: Socket) => void) => {
    const listening = createServer(socket => {
      open.add(socket)
      let heard = ''
      socket.on('data', data => {
        heard += data.toString('latin1')
        if (heard.startsWith('zVERSION')) socket.end('ClamAV 1.0/1/today\0')
        else if (heard.endsWith('\0\0\0\0')) answer(heard, socket)
      }).on('error', () => undefined)
    })
    server = listening
    await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
    return { host: '127.0.0.1', port: (listening.address() as AddressInfo).port }
  }

  it.each<[string, (question: string, socket: Socket) => void, object]>([
    ['says OK', (_, socket) => socket.end('stream: OK\0'), { status: 'clean', detail: '', engine: 'ClamAV 1.0/1/today' }],
    ['finds something', (_, socket) => socket.end('stream: Win.Test FOUND\0'), { status: 'infected', detail: 'Win.Test' }],
    ['ran into a limit', (_, socket) => socket.end('stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0'), { status: 'error', detail: 'Heuristics.Limits.Exceeded.MaxFileSize' }],
    ['answers ERROR', (_, socket) => socket.end('INSTREAM size limit exceeded. ERROR\0'), { status: 'error', detail: 'INSTREAM size limit exceeded. ERROR' }],
    ['closes without a word', (_, socket) => socket.end(), { status: 'error', detail: 'clamd closed without an answer' }],
    ['resets', (_, socket) => socket.resetAndDestroy(), { status: 'error', detail: expect.stringContaining('ECONNRESET') }],
    ['never answers', () => undefined, { status: 'error', detail: 'clamd does not answer' }],
    ['says something else', (_, socket) => socket.end('stream: OK, perhaps\0'), { status: 'error', detail: 'stream: OK, perhaps' }],
  ])('%s', async (_, answer, verdict) => {
    expect(await clamdScanner(await answering(answer), 300).scan(bytes('x'))).toMatchObject(verdict)
  })

  it('is not there, and the body is let go', async () => {
    const body = Readable.from([Buffer.from('x')])
    expect(await clamdScanner({ socket: '/nowhere/clamd.sock' }).scan(body)).toMatchObject({ status: 'error', detail: expect.stringContaining('ENOENT') })
    expect(body.destroyed).toBe(true)
  })

  it('speaks its frame: command, length and bytes, no empty piece but the last', async () => {
    let heard = ''
    const at = await answering((question, socket) => { heard = question; socket.end('stream: OK\0') })
    await clamdScanner(at).scan(bytes('abc', '', 'de'))
    expect(heard).toBe('zINSTREAM\0\0\0\0\x03abc\0\0\0\x02de\0\0\0\0')
  })
})

describe('without a daemon', () => {
  it('the stub knows the test virus, also across two pieces, and calls itself stub', async () => {
    const { name, scan } = stubScanner()
    expect(name).toBe('stub')
    expect(await scan(bytes('clean', 'as well'))).toEqual({ status: 'clean', detail: '', engine: 'stub' })
    for (let cut = 1; cut < eicar.length; cut += 11) {
      expect(await scan(bytes('x', eicar.slice(0, cut), eicar.slice(cut), 'y'))).toEqual({ status: 'infected', detail: 'Eicar-Test-Signature', engine: 'stub' })
    }
    expect(await scan(bytes(...eicar))).toMatchObject({ status: 'infected' })
  })

  it('off says unscanned and does not read', async () => {
    const body = Readable.from([Buffer.from(eicar)])
    expect(await noScanner().scan(body)).toEqual({ status: 'unscanned', detail: '', engine: 'off' })
    expect(body.destroyed).toBe(true)
  })
})
