import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand, DeleteObjectCommand, GetObjectCommand, HeadBucketCommand, HeadObjectCommand, ListMultipartUploadsCommand,
  paginateListObjectsV2, S3Client, S3ServiceException, type ListMultipartUploadsCommandOutput,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { assertDocumentKey, DocumentMissing, isDocumentKey, KeyUsedTwice, measured, StorageUnavailable, translated, type Documents } from './documents.ts'

export type S3Place = { bucket: string; endpoint?: string; region: string; accessKey?: string; secretKey?: string; pathStyle: boolean }
export type S3Limits = { connect_ms: number; answer_ms: number; idle_ms: number; attempts: number }

const usualLimits: S3Limits = { connect_ms: 2000, answer_ms: 15_000, idle_ms: 30_000, attempts: 3 }
// S3 asks for at least 5 MiB a part; two at a time keep an upload below some 20 MB of memory, whatever its size.
const partBytes = 5 * 1024 * 1024

/** Documents in a bucket that exists already. Without keys the SDK looks for the machine's own role. */
export function s3Documents(place: S3Place, limits: S3Limits = usualLimits): Documents & { close(): void } {
  const client = newClient(place, limits)
  const Bucket = place.bucket
  const at = (key: string) => {
    assertDocumentKey(key)
    return { Bucket, Key: key }
  }
  const store: Documents & { close(): void } = {
    async put(key, body, { type }) {
      const source = measured(body)
      const params = { ...at(key), Body: Readable.from(source.chunks, { objectMode: false }), ContentType: type }
      try {
        // One part in hand: with two, an upload to a busy store held more than the 30 MB that it may.
        await new Upload({ client, params, queueSize: 1, partSize: partBytes, leavePartsOnError: true }).done()
      } catch (error) {
        params.Body.destroy()
        const removed = removeTraces(client, Bucket, key).catch(() => undefined) // the sweeps find what this misses
        if (!source.failure()) throw unavailable(error) // a dead store is not waited for again
        await removed
        throw source.failure()?.error
      }
      return source.result()
    },
    async adopt(key, file, about) {
      const source = await open(file).catch(error => { throw unavailable(error) }) // before anything travels
      try {
        if (await store.head(key)) throw new KeyUsedTwice('this document key is in use') // a bucket would write over it
        await store.put(key, source.createReadStream({ autoClose: false }), about)
      } finally {
        await source.close()
      }
    },
    async get(key, range) {
      const Range = range && `bytes=${range.start}-${range.end}`
      if (range && range.end < range.start) throw new RangeError(Range)
      const { Body } = await client.send(new GetObjectCommand({ ...at(key), Range })).catch(error => {
        if (isMissing(error)) throw new DocumentMissing(key)
        throw statusOf(error) === 416 ? new RangeError(Range) : unavailable(error)
      })
      if (!(Body instanceof Readable)) throw new StorageUnavailable('s3: an answer without a body')
      return translated(Body, unavailable)
    },
    async head(key) {
      const found = await client.send(new HeadObjectCommand(at(key))).catch(error => {
        if (isMissing(error)) return undefined
        throw unavailable(error)
      })
      return found && { size: found.ContentLength ?? 0 }
    },
    async delete(key) { // one by one: under WHEN_REQUIRED, DeleteObjects lacks the Content-MD5 some stores demand
      await client.send(new DeleteObjectCommand(at(key))).catch(error => { if (!isMissing(error)) throw unavailable(error) })
    },
    async *list() {
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket })) {
          for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? []) if (isDocumentKey(Key)) yield { key: Key, size: Size, at: LastModified }
        }
      } catch (error) {
        throw unavailable(error)
      }
    },
    sweepUnfinished: before => abortUploads(client, { Bucket }, before).catch(error => { throw unavailable(error) }),
    async ready() {
      await client.send(new HeadBucketCommand({ Bucket })).catch(error => { throw unavailable(error) })
    },
    close: () => client.destroy(),
  }
  return store
}

// By default the SDK waits for ever on a store that accepts and never answers: requestTimeout counts only with throwOnRequestTimeout.
// Its default checksums stream with a trailer that older stores refuse or keep as content: hence WHEN_REQUIRED.
function newClient({ endpoint, region, accessKey, secretKey, pathStyle }: S3Place, limits: S3Limits) {
  const credentials = accessKey && secretKey ? { accessKeyId: accessKey, secretAccessKey: secretKey } : undefined
  return new S3Client({
    endpoint, region, credentials, forcePathStyle: pathStyle, maxAttempts: limits.attempts,
    requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: limits.connect_ms, requestTimeout: limits.answer_ms, throwOnRequestTimeout: true, socketTimeout: limits.idle_ms,
      httpAgent: { maxSockets: 200 }, httpsAgent: { maxSockets: 200 }, // slow readers hold one each
    },
  })
}

async function abortUploads(client: S3Client, about: { Bucket: string; Prefix?: string }, before?: Date) {
  let aborted = 0
  let page: ListMultipartUploadsCommandOutput | undefined
  do {
    page = await client.send(new ListMultipartUploadsCommand({ ...about, KeyMarker: page?.NextKeyMarker, UploadIdMarker: page?.NextUploadIdMarker }))
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (before && !(Initiated && Initiated < before)) continue
      await client.send(new AbortMultipartUploadCommand({ Bucket: about.Bucket, Key, UploadId })).catch(ignoreMissing)
      aborted++
    }
  } while (page.IsTruncated)
  return aborted
}

// Whatever arrived before the failure: parts, or an object whose acknowledgement was lost.
async function removeTraces(client: S3Client, Bucket: string, key: string) {
  await abortUploads(client, { Bucket, Prefix: key })
  await client.send(new DeleteObjectCommand({ Bucket, Key: key }))
}

const ignoreMissing = (error: unknown) => { if (!isMissing(error)) throw error }

const statusOf = (error: unknown) => error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined

// A missing bucket is 404 too, but no document: then it is the store that is not there.
const isMissing = (error: unknown) => statusOf(error) === 404 && error instanceof Error && error.name !== 'NoSuchBucket'

function unavailable(error: unknown): Error {
  const name = error instanceof Error ? error.name : 'unknown'
  return new StorageUnavailable(`s3: ${name}`, { cause: error })
}
