import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { inArray } from 'drizzle-orm'
import { documents as table } from '../../schema/documents.ts'
import type { Db } from '../adapters/database.ts'
import { DocumentMissing, type Documents } from '../adapters/documents.ts'
import { readJpeg, type Jpeg } from '../sheets/jpeg.ts'
import type { Picture } from './photos.ts'

/** Why a photo with consent is not shown, the gravest first. altered: its bytes are not there, or not those that were sealed. */
export const obstacles = ['altered', 'held', 'kind'] as const
export type Obstacle = (typeof obstacles)[number]
export type ReadPicture = (picture: Picture) => Promise<Jpeg | Obstacle>

export const largest_picture = 2 * 1024 * 1024 // bytes

/** The first file of a photo that a page can hold, read from storage and compared with what was sealed. Quarantined ones are shown to nobody, here as elsewhere. */
export const pictureReader = (db: Db, store: Documents): ReadPicture => async ({ files }) => {
  const rows = await db.select({ id: table.id, key: table.key, scan: table.scan }).from(table).where(inArray(table.id, files.map(({ id }) => id)))
  const met: Obstacle[] = []
  for (const file of files) {
    const found = await fileAt(store, file, rows.find(({ id }) => id === file.id))
    if (typeof found !== 'string') return found
    met.push(found)
  }
  return obstacles.find(each => met.includes(each)) ?? 'altered'
}

function fileAt(store: Documents, { type, size, sha256 }: Picture['files'][number], row: { key: string; scan: string } | undefined): Promise<Jpeg | Obstacle> | Obstacle {
  if (!row) return 'altered'
  if (row.scan !== 'clean' && row.scan !== 'unscanned') return 'held'
  return type === 'image/jpeg' && size <= largest_picture ? jpegAt(store, row.key, sha256) : 'kind'
}

async function jpegAt(store: Documents, key: string, sha256: string): Promise<Jpeg | Obstacle> {
  const bytes = await store.get(key).then(stream => buffer(stream)).catch(error => { if (error instanceof DocumentMissing) return null; throw error })
  if (!bytes || createHash('sha256').update(bytes).digest('hex') !== sha256) return 'altered'
  return readJpeg(bytes) ?? 'kind'
}
