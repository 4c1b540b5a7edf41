import { crc32, deflateSync } from 'node:zlib'
import { jpeg } from './evidence-files.ts'

/** A picture of noise that nothing makes smaller, as large as a phone's: side × side × 3 bytes. */
export function noisyPng(side: number, seed: number): Buffer {
  let state = seed >>> 0 || 1
  const rows = Buffer.alloc(side * (side * 3 + 1))
  for (let at = 0; at < rows.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    rows[at] = at % (side * 3 + 1) === 0 ? 0 : state >>> 24
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 0 })), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]), length = Buffer.alloc(4), check = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

export const latitude = Buffer.from([0, 0, 0, 35, 0, 0, 0, 1, 0, 0, 0, 41, 0, 0, 0, 1, 0, 0, 0x10, 0x92, 0, 0, 0, 100]) // 35° 41′ 42.42″
export const maker = 'AKASHI-CAM'

/** A JPEG as a phone writes it: Exif with a maker and a GPS directory. */
export function jpegWithPlace(): Buffer {
  const entry = (tag: number, type: number, count: number, value: Buffer) => Buffer.concat([u16(tag), u16(type), u32(count), Buffer.concat([value, Buffer.alloc(4)]).subarray(0, 4)])
  // TIFF, big-endian: directory at 8 with two entries (2 + 24 + 4), the maker at 38, the GPS directory at 50 with two entries, the latitude at 80.
  const tiff = Buffer.concat([
    Buffer.from('MM\0*'), u32(8), u16(2), entry(0x010f, 2, maker.length + 1, u32(38)), entry(0x8825, 4, 1, u32(50)), u32(0), Buffer.from(`${maker}\0\0`),
    u16(2), entry(1, 2, 2, Buffer.from('N\0\0\0')), entry(2, 5, 3, u32(80)), u32(0), latitude,
  ])
  return withSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff]))
}

export function withSegment(marker: number, body: Buffer): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, marker]), u16(body.length + 2), body, jpeg.subarray(2)])
}

function u16(value: number) { const bytes = Buffer.alloc(2); bytes.writeUInt16BE(value); return bytes }
function u32(value: number) { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return bytes }
