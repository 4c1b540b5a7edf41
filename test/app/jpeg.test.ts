import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openFaces } from '../../server/certificates/pdf/fonts.ts'
import { figure } from '../../server/sheets/figure.ts'
import { readJpeg } from '../../server/sheets/jpeg.ts'
import { newSheet } from '../../server/sheets/sheet.ts'
import { heic, jpeg, jpegWithPreview, png } from '../support/evidence-files.ts'
import { jpegWithPlace, latitude, maker, withSegment } from '../support/photos.ts'

const u16 = (value: number, little: boolean) => { const bytes = Buffer.alloc(2); if (little) bytes.writeUInt16LE(value); else bytes.writeUInt16BE(value); return bytes }
/** Exif with an orientation, in either order of bytes. */
const turned = (turn: number, little: boolean) => {
  const two = (value: number) => u16(value, little), four = (value: number) => (little ? Buffer.concat([two(value), two(0)]) : Buffer.concat([two(0), two(value)]))
  return withSegment(0xe1, Buffer.concat([Buffer.from(`Exif\0\0${little ? 'II' : 'MM'}`), two(42), four(8), two(1), two(0x0112), two(3), four(1), two(turn), two(0), four(0)]))
}
/** The same picture with its frame's header changed. */
const framed = (change: (header: Buffer, at: number) => void) => { const bytes = Buffer.from(jpeg); change(bytes, bytes.indexOf(Buffer.from([0xff, 0xc0]))); return bytes }

describe('the reader of JPEGs', () => {
  it('knows how large one is, and of how many colours', () => {
    const { width, height, colours, turn } = readJpeg(jpeg) ?? {}
    expect([width, height, colours, turn]).toEqual([8, 8, 3, 1])
    expect(readJpeg(framed((bytes, at) => { bytes.writeUInt16BE(480, at + 5); bytes.writeUInt16BE(640, at + 7) }))).toMatchObject({ width: 640, height: 480 })
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8].flatMap(turn => [[turn, true], [turn, false]] as const))('knows how it is to be held: %i, little end first: %s', (turn, little) => expect(readJpeg(turned(turn, little))?.turn).toBe(turn))

  it('takes an orientation that there is not for none', () => expect([0, 9].map(turn => readJpeg(turned(turn, false))?.turn)).toEqual([1, 1]))

  it('leaves out place, maker, preview, comment and what lies behind the end', () => {
    const plain = readJpeg(jpeg)?.bytes
    for (const file of [jpegWithPlace(), jpegWithPreview, withSegment(0xfe, Buffer.from('佐藤の部屋')), Buffer.concat([jpeg, jpegWithPlace()]), turned(6, true)]) expect(readJpeg(file)?.bytes.equals(plain ?? Buffer.alloc(0))).toBe(true)
    expect([jpegWithPlace().includes(latitude), plain?.includes(maker), plain?.subarray(0, 2).toString('hex'), plain?.subarray(-2).toString('hex')]).toEqual([true, false, 'ffd8', 'ffd9'])
  })

  it.each([
    ['no picture', Buffer.from('<html>')], ['nothing', Buffer.alloc(0)], ['a PNG', png], ['a HEIC', heic], ['one cut off', jpeg.subarray(0, -2)], ['one without a picture', Buffer.from('ffd8ffd9', 'hex')],
    ['lossless', framed((bytes, at) => { bytes[at + 1] = 0xc3 })], ['arithmetic', framed((bytes, at) => { bytes[at + 1] = 0xc9 })], ['twelve bits', framed((bytes, at) => { bytes[at + 4] = 12 })],
    ['four colours', framed((bytes, at) => { bytes[at + 9] = 4 })], ['no height', framed((bytes, at) => { bytes.writeUInt16BE(0, at + 5) })], ['billions of points', framed((bytes, at) => { bytes.fill(0xff, at + 5, at + 9) })],
  ])('refuses %s', (_, file) => expect(readJpeg(file)).toBeNull())

  it('never falls over, and what it gave out it reads again', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(jpeg.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(jpeg.length), (changes, length) => {
      const bytes = Buffer.from(jpegWithPlace().subarray(0, length + 100))
      for (const [at, value] of changes) bytes[at] = value
      const once = readJpeg(bytes)
      if (once) expect(readJpeg(once.bytes)?.bytes.equals(once.bytes)).toBe(true)
    }))
  })
})

describe('a figure', () => {
  // TIFF 6.0, orientation: where the beginning and the end of the first row are to be seen.
  it.each([[1, 'top left', 'top right'], [2, 'top right', 'top left'], [3, 'bottom right', 'bottom left'], [4, 'bottom left', 'bottom right'], [5, 'top left', 'bottom left'], [6, 'top right', 'bottom right'], [7, 'bottom right', 'top right'], [8, 'bottom left', 'top left']])('held as %i is drawn upright, its sides as they were', async (turn, begins, ends) => {
    const sheet = newSheet(await openFaces(), 'ja')
    figure(sheet, { width: 4000, height: 3000, colours: 3, turn, bytes: jpeg }, '窓')
    const [drawn] = sheet.pages[0]?.ink ?? [], matrix = drawn?.kind === 'shape' ? drawn.operators.find(([name]) => name === 'cm') : undefined
    const [left = 0, bottom = 0, right = 0, top = 0] = drawn?.into?.box ?? [], [, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = matrix ?? ['cm']
    const corner = (u: number, v: number) => { const [x, y] = [a * u + c * v + e, b * u + d * v + f]; return [Math.abs(y - top) < .01 ? 'top' : Math.abs(y - bottom) < .01 ? 'bottom' : y, Math.abs(x - left) < .01 ? 'left' : Math.abs(x - right) < .01 ? 'right' : x].join(' ') }
    expect([corner(0, 1), corner(1, 1), ((right - left) / (top - bottom)).toFixed(3), right - left < 500, top - bottom < 421]).toEqual([begins, ends, (turn < 5 ? 4 / 3 : 3 / 4).toFixed(3), true, true])
  })
})
