import type { NewFile } from './capture.ts'
import { isJpeg, withoutPlace } from './exif.ts'

export const longestSide = 1280

/** What the first bytes say: a picker that gives no type, or any, is not believed. */
const beginnings: readonly (readonly [type: string, at: number, letters: string])[] = [
  ['image/jpeg', 0, '\xff\xd8\xff'], ['image/png', 0, '\x89PNG'], ['image/gif', 0, 'GIF8'], ['image/webp', 8, 'WEBP'], ['image/heic', 4, 'ftyphei'], ['image/heic', 4, 'ftypmif1'], ['image/avif', 4, 'ftypavif'],
]
const typeOf = (bytes: Uint8Array, told: string) => beginnings.find(([, at, letters]) => [...letters].every((letter, nth) => bytes[at + nth] === letter.charCodeAt(0)))?.[0] ?? told

/** The original, without its place unless that is wanted, and a copy to look at. Null: this is no picture that the browser can draw. */
export async function asPhoto(bytes: Uint8Array<ArrayBuffer>, told: string, keepPlace: boolean): Promise<NewFile[] | null> {
  const type = typeOf(bytes, told), picture = new Blob([bytes], { type })
  const small = await drawn(picture, longestSide, .8)
  if (!small) return null
  const original = await originalOf(bytes, type, keepPlace)
  return original && [{ part: 'small', type: 'image/jpeg', bytes: small }, { part: 'original', ...original }]
}

// Other kinds than JPEG hide a place elsewhere: without the wish to keep it they are drawn anew in full size.
async function originalOf(bytes: Uint8Array<ArrayBuffer>, type: string, keepPlace: boolean) {
  if (keepPlace) return { type, bytes }
  if (isJpeg(bytes)) return { type, bytes: withoutPlace(bytes) }
  const anew = await drawn(new Blob([bytes], { type }), Number.POSITIVE_INFINITY, .92)
  return anew && { type: 'image/jpeg', bytes: anew }
}

/** Drawn anew: no Exif of any kind is in it. */
async function drawn(picture: Blob, side: number, quality: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const bitmap = await createImageBitmap(picture).catch(() => null)
  if (!bitmap) return null
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const blob = await new Promise<Blob | null>(done => canvas.toBlob(done, 'image/jpeg', quality))
  return blob && new Uint8Array(await blob.arrayBuffer())
}
