import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { fromBufferPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import { afterAll } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>
export type Files = Map<string, Buffer>

/** Exports as people take them: downloaded, opened, kept beside the issuer's did.json for the checker. */
export function exportsOn({ app, cookieOf }: Theatre) {
  const directory = mkdtempSync(path.join(tmpdir(), 'akashi-export-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  const take = async (who: CastName, id: string) => {
    const { statusCode, rawPayload, headers } = await app.inject({ method: 'GET', url: `/applications/${id}/export.zip`, headers: { host: 'akashi.test', cookie: cookieOf(who) } })
    return { status: statusCode, zip: rawPayload, headers }
  }
  const kept = (zip: Buffer) => {
    const file = path.join(mkdtempSync(path.join(directory, 'zip-')), 'case.zip')
    writeFileSync(file, zip)
    return file
  }
  /** A directory with nothing but the issuer's keys. */
  const keys = async () => {
    writeFileSync(path.join(directory, 'did.json'), (await app.inject({ method: 'GET', url: '/.well-known/did.json', headers: { host: 'akashi.test' } })).rawPayload)
    return directory
  }
  return { take, kept, keys }
}

export async function unpacked(zip: Buffer): Promise<Files> {
  const file = await fromBufferPromise(zip, { lazyEntries: true }), files: Files = new Map()
  for await (const entry of file.eachEntry()) files.set(entry.fileName, await all(await file.openReadStreamPromise(entry)))
  return files
}

/** As our own server packs, or with `compress`, or as it would above 4 GiB (`zip64`). */
export async function packed(files: Iterable<readonly [string, Buffer]>, { compress = false, zip64 = false } = {}): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, bytes] of files) zip.addReadStream(Readable.from([bytes]), name, { compress, forceZip64Format: zip64, size: bytes.length })
  zip.end({ forceZip64Format: zip64, comment: '' })
  return all(zip.outputStream as Readable)
}

async function all(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
