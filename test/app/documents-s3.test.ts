import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newDocumentKey, StorageUnavailable } from '../../server/adapters/documents.ts'
import { s3Documents } from '../../server/adapters/s3-documents.ts'
import { bytes, collected, documentsContract, gather, megabytes } from '../support/documents-contract.ts'
import { faultProxy } from '../support/fault-proxy.ts'
import { describeJudged } from '../support/judges.ts'
import { startRadosgw, type Radosgw } from '../support/radosgw.ts'

const type = 'text/plain'
const patient = { connect_ms: 2000, answer_ms: 15_000, idle_ms: 15_000, attempts: 2 }
// one limit at a time is short, so that neither can stand in for the other
const brisk = { connect_ms: 500, answer_ms: 1500, idle_ms: 60_000, attempts: 2 }
const restless = { connect_ms: 500, answer_ms: 60_000, idle_ms: 1500, attempts: 2 }

const placeOf = ({ bucket, accessKey, secretKey }: Radosgw, port: number) =>
  ({ bucket, endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', accessKey, secretKey, pathStyle: true })

describeJudged('documents in S3', ['radosgw'], () => {
  documentsContract(async () => {
    const gateway = await startRadosgw()
    const documents = s3Documents(placeOf(gateway, gateway.port), patient)
    const { endpoint, region, accessKey, secretKey } = placeOf(gateway, gateway.port)
    const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } })
    return {
      documents, kill: gateway.kill, revive: gateway.start,
      unfinished: async () => (await client.send(new ListMultipartUploadsCommand({ Bucket: gateway.bucket }))).Uploads?.map(({ Key = '' }) => Key) ?? [],
      async close() {
        documents.close()
        client.destroy()
        await gateway.close()
      },
    }
  })
})

describeJudged('an S3 store that misbehaves', ['radosgw'], () => {
  let gateway: Radosgw
  let proxy: Awaited<ReturnType<typeof faultProxy>>
  let documents: ReturnType<typeof s3Documents>
  beforeAll(async () => {
    gateway = await startRadosgw()
    proxy = await faultProxy({ host: '127.0.0.1', port: gateway.port })
    documents = s3Documents(placeOf(gateway, proxy.port), brisk)
  })
  afterAll(async () => {
    documents?.close()
    await proxy?.close()
    await gateway?.close()
  })
  const kept = async (body = bytes('here')) => {
    const key = newDocumentKey()
    await documents.put(key, body, { type })
    return key
  }
  const within = async (ms: number, work: () => Promise<unknown>) => {
    const start = performance.now()
    await expect(work()).rejects.toThrow(StorageUnavailable)
    expect(performance.now() - start).toBeLessThan(ms)
  }

  // two attempts of 1.5 s and the pause between them
  it.each<[string, () => Promise<unknown>]>([
    ['a small upload', () => documents.put(newDocumentKey(), bytes('x'), { type })],
    ['a large upload', () => documents.put(newDocumentKey(), megabytes(12), { type })],
    ['a large upload, half-way', () => {
      proxy.set({})
      return documents.put(newDocumentKey(), megabytes(40, count => { if (count > 25) proxy.set({ silent: true }) }), { type })
    }],
    ['the question whether it is ready', () => documents.ready()],
    ['the list', () => collected(documents.list())],
  ])('does not wait for ever when it takes and never answers: %s', async (_, work) => {
    proxy.set({ silent: true })
    await within(8000, work)
    proxy.set({})
    expect((await gather(await documents.get(await kept()))).toString()).toBe('here')
  })

  it('says so when it falls away in the middle of a file that it takes over; the file stays, and goes there whole later', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'spool-')), file = path.join(directory, 'photo'), key = newDocumentKey()
    await writeFile(file, Buffer.alloc(17_000_000, '消火器'))
    proxy.set({ silentAfter: 8_000_000 })
    await within(8000, () => documents.adopt(key, file, { type }))
    proxy.set({})
    expect([await documents.head(key), (await stat(file)).size]).toEqual([undefined, 17_000_000])
    await documents.adopt(key, file, { type })
    expect((await gather(await documents.get(key))).equals(await readFile(file))).toBe(true)
    await rm(directory, { recursive: true })
  })

  it('says so when it falls silent in the middle of a download', async () => {
    const key = await kept(megabytes(12))
    const reader = s3Documents(placeOf(gateway, proxy.port), restless)
    await within(8000, async () => {
      for await (const _ of await reader.get(key)) proxy.set({ silent: true })
    })
    reader.close()
    proxy.set({})
    expect((await gather(await documents.get(key))).length).toBe(12 * 1024 * 1024)
  })

  it('says so when the connection is reset in the middle of a download', async () => {
    const key = await kept(megabytes(12))
    proxy.set({ resetAfter: 3_000_000 })
    await within(8000, async () => gather(await documents.get(key)))
    expect(proxy.resets()).toBe(1)
    await documents.delete(key)
  })

  it('tries a part again after a reset, so that one lost connection loses no upload', async () => {
    proxy.set({ resetAfter: 7_000_000 })
    const key = newDocumentKey()
    const put = await documents.put(key, megabytes(20), { type })
    expect(proxy.resets()).toBe(1)
    expect(createHash('sha256').update(await gather(await documents.get(key))).digest('hex')).toBe(put.sha256)
  })

  it('takes a missing bucket and a wrong secret for a store that is not there', async () => {
    const place = placeOf(gateway, gateway.port)
    const wrong = [{ ...place, bucket: 'nowhere' }, { ...place, secretKey: 'guessed' }].map(other => s3Documents(other, brisk))
    for (const store of wrong) {
      await within(8000, () => store.ready())
      await within(8000, () => store.put(newDocumentKey(), bytes('x'), { type }))
      await within(8000, () => store.get(newDocumentKey()))
      store.close()
    }
  })
})

describe('what goes over the wire', () => {
  it('is the body itself, without the checksums that older stores refuse or keep as content', async () => {
    const seen: { method?: string; extras: string[]; body: string }[] = []
    const server = createServer(async (request, response) => {
      const extras = Object.keys(request.headers).filter(name => /checksum|trailer|content-encoding/.test(name))
      seen.push({ method: request.method, extras, body: (await gather(request)).toString() })
      response.setHeader('etag', '"x"').end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const documents = s3Documents({ bucket: 'b', endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', accessKey: 'a', secretKey: 's', pathStyle: true })
    await documents.put(newDocumentKey(), bytes('as it is'), { type })
    documents.close()
    server.closeAllConnections()
    server.close()
    expect(seen).toEqual([{ method: 'PUT', extras: [], body: 'as it is' }])
  })
})
