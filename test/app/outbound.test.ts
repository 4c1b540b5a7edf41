import { createSocket } from 'node:dgram'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { byDns, isPublic, outbound } from '../../server/adapters/outbound.ts'

// Addresses that strangers type in: where they may lead, and where never.
let server: Server, port: number
const hits: string[] = []
beforeAll(async () => {
  server = createServer((request, reply) => {
    hits.push(String(request.url))
    if (request.url === '/redirect') return void reply.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
    if (request.url === '/endless') return void reply.writeHead(200).write('x'.repeat(1_000_000))
    if (request.url === '/cut') return void request.socket.destroy()
    if (request.url === '/never') return
    setTimeout(() => reply.writeHead(204).end(), request.url === '/slow' ? 400 : 0)
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  port = (server.address() as AddressInfo).port
})
afterAll(() => { server.closeAllConnections(); server.close() })
const message = { headers: { 'content-type': 'application/json' }, body: '{}' }

describe('a public address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '203.0.114.1', '2606:4700::1111'])('is %s', address => expect(isPublic(address)).toBe(true))
  it.each(['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1', '198.18.0.1', '::1', '::', 'fe80::1', 'fc00::1', 'fd00::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001::1', 'ff02::1', '2001:db8::1', '::7f00:1', '64:ff9b:1::7f00:1', 'fec0::1', '4000::1', 'nonsense', ''])('is not %j', address => expect(isPublic(address)).toBe(false))
})

describe('what is posted', () => {
  const strict = (addresses: string[]) => outbound({ resolve: async () => addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })) })

  it.each([
    ['http://example.com/', 'address_unusable'], ['ftp://example.com/', 'address_unusable'], ['https://user:pass@example.com/', 'address_unusable'], ['nonsense', 'address_unusable'], ['https://127.0.0.1/', 'address_private'], ['https://2130706433/', 'address_private'],
    ['https://localhost/', 'address_private'], ['https://metadata.google.internal/', 'address_private'], ['https://printer.local/', 'address_private'], ['https://intranet/', 'address_private'], ['https://example.com:22/', 'address_private'], ['https://0x7f.1/', 'address_private'], ['https://0177.0.0.1/', 'address_private'], ['https://[::1]/', 'address_private'], ['https://[::ffff:10.0.0.1]/', 'address_private'], ['https://169.254.169.254/latest/meta-data', 'address_private'],
  ])('never goes to %s', async (url, problem) => expect(await outbound().post(url, message)).toMatchObject({ problem }))

  it('goes nowhere when one of the addresses of a name is private', async () => {
    expect(await strict(['93.184.216.34', '10.0.0.7']).post('https://rebound.example/', message)).toMatchObject({ problem: 'address_private' })
    expect(await strict([]).post('https://nobody.example/', message)).toMatchObject({ problem: 'name_unknown' })
  })

  it('asks for a name once: who changes the answer between look and connection wins nothing', async () => {
    let asked = 0
    const rebinding = outbound({ resolve: async () => [{ address: asked++ === 0 ? '192.0.2.1' : '127.0.0.1', family: 4 }] })
    expect([await rebinding.post(`https://rebinding.example:${port}/`, message), asked, hits]).toMatchObject([{ problem: 'address_private' }, 1, []])
    let looked = 0
    const pinned = outbound({ privateTargets: true, resolve: async () => [{ address: looked++ === 0 ? '127.0.0.1' : '192.0.2.1', family: 4 }] })
    expect([await pinned.post(`http://pinned.example:${port}/`, message), looked]).toMatchObject([{ status: 204 }, 1])
  })

  it('follows no redirect, reads no endless answer, and says what broke', async () => {
    const local = outbound({ privateTargets: true })
    expect(await local.post(`http://127.0.0.1:${port}/redirect`, message)).toMatchObject({ problem: 'redirected' })
    expect(await local.post(`http://127.0.0.1:${port}/endless`, message)).toMatchObject({ status: 200 })
    expect(await local.post(`http://127.0.0.1:${port}/cut`, message)).toMatchObject({ problem: 'broken' })
    expect(await local.post('http://127.0.0.1:1/', message)).toMatchObject({ problem: 'refused' })
    expect(await local.post(`https://127.0.0.1:${port}/`, message)).toMatchObject({ problem: 'tls' })
  })

  it('waits for one who thinks, but not for ever', async () => {
    const local = outbound({ privateTargets: true, limits: { connectMs: 200, wholeMs: 800, answerBytes: 1000 } })
    expect(await local.post(`http://127.0.0.1:${port}/slow`, message)).toMatchObject({ status: 204 })
    expect(await local.post(`http://127.0.0.1:${port}/never`, message)).toMatchObject({ problem: 'timeout' })
  })

  it('goes to the next of the addresses that were judged when the first does not listen', async () => {
    const several = outbound({ privateTargets: true, resolve: async () => ['127.0.0.2', '127.0.0.1'].map(address => ({ address, family: 4 })) })
    expect(await several.post(`http://several.example:${port}/`, message)).toMatchObject({ status: 204 })
  })
})

describe('a name', () => {
  // A name server of our own: four bytes of an A, sixteen of an AAAA, and for `silent.` nothing at all.
  const nameServer = createSocket('udp4')
  nameServer.on('message', (asked, { port: from, address }) => {
    const type = asked.readUInt16BE(asked.indexOf(0, 12) + 1), end = asked.indexOf(0, 12) + 5
    if (asked.includes('silent')) return
    const data = type === 1 ? Buffer.from([93, 184, 216, 34]) : Buffer.from('fd000000000000000000000000000001', 'hex')
    const answered = !asked.includes('nobody') && (type === 1 || asked.includes('both'))
    const head = Buffer.concat([asked.subarray(0, 2), Buffer.from([0x81, asked.includes('nobody') ? 0x83 : 0x80, 0, 1, 0, answered ? 1 : 0, 0, 0, 0, 0])])
    const record = Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]), data])
    nameServer.send(Buffer.concat([head, asked.subarray(12, end), ...(answered ? [record] : [])]), from, address)
  })
  let ask: ReturnType<typeof byDns>
  beforeAll(async () => {
    await new Promise<void>(resolve => { nameServer.bind(0, '127.0.0.1', resolve) })
    ask = byDns({ servers: [`127.0.0.1:${nameServer.address().port}`], timeout: 200 })
  })
  afterAll(() => void nameServer.close())

  it('is asked for over the network, both kinds of address; the house’s own names are not known', async () => {
    expect([await ask('four.example'), await ask('both.example'), await ask('nobody.example')]).toEqual([[{ address: '93.184.216.34', family: 4 }], [{ address: '93.184.216.34', family: 4 }, { address: 'fd00::1', family: 6 }], []])
    expect(await outbound({ resolve: ask }).post('https://both.example/', message)).toMatchObject({ problem: 'address_private' })
    expect(await outbound({ resolve: ask }).post('https://nobody.example/', message)).toMatchObject({ problem: 'name_unknown' })
  })

  it('of a silent server is given up in time', async () => {
    const answer = await outbound({ resolve: ask }).post('https://silent.example/', message)
    expect([answer, answer.ms < 3000]).toMatchObject([{ problem: 'name_unknown' }, true])
  })
})
