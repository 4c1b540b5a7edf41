import { deflateSync, crc32 } from 'node:zlib'
import { zipSync } from 'fflate'
import { PDFDocument } from 'pdf-lib'

// Small real files of every kind, as people hand them in. JPEG and WebP were drawn by Chromium.
export const jpeg = Buffer.from('/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAoHBwgHBgoICAgLCgoLDhgQDg0NDh0VFhEYIx8lJCIfIiEmKzcvJik0KSEiMEExNDk7Pj4+JS5ESUM8SDc9Pjv/2wBDAQoLCw4NDhw'
  + 'QEBw7KCIoOzs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozv/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAH/xAAZEAEAAgMAAAA'
  + 'AAAAAAAAAAAAAAwQ2grP/xAAUAQEAAAAAAAAAAAAAAAAAAAAF/8QAHREAAAUFAAAAAAAAAAAAAAAAAAECcrEEBQY0Nf/aAAwDAQACEQMRAD8As2EV9ugBrFtFT1SCrn0ah5wQ/9k=', 'base64')

export const webp = Buffer.from('UklGRlgAAABXRUJQVlA4IEwAAADQAgCdASoIAAgAAkA4JagCdHIAqgD+AZQAC7WskmAAAPl/A9fsXSf2fRevHmPsWTuDf//oO+h+xZO4N/4r1l8B9m7+xpz+A+zdkQAA', 'base64')

/** As phones write it: a preview with an end marker of its own, inside the metadata. */
export const jpegWithPreview = Buffer.concat([jpeg.subarray(0, 2), segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), jpeg])), jpeg.subarray(2)])

export const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'), pngChunk('IHDR', Buffer.from('00000001000000010802000000', 'hex')), pngChunk('IDAT', deflateSync(Buffer.from([0, 181, 48, 31]))), pngChunk('IEND', Buffer.alloc(0)),
])

/** The boxes of an iPhone's picture; nobody here draws it. */
export const heic = Buffer.concat([box('ftyp', Buffer.from('heic\0\0\0\0mif1heic')), box('meta', Buffer.alloc(60)), box('mdat', Buffer.alloc(400, 7))])

export const xlsx = office('xl/workbook.xml')
export const docx = office('word/document.xml')
export const pptx = office('ppt/presentation.xml')
export const xlsxWithMacro = office('xl/workbook.xml', 'xl/vbaProject.bin')

/** A password-protected workbook is an OLE file with a stream of this name ([MS-OFFCRYPTO] 2.3.4); an old .xls is one without. */
export const ole = (stream: 'EncryptedPackage' | 'Workbook') =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1016), Buffer.from(stream, 'utf16le'), Buffer.alloc(472)])

/** `windows-31j` for あいう、髙㈱ and a line end. */
export const shiftJis = Buffer.from('82a082a282a48141fbfc878a0d0a', 'hex')

export async function pdf({ encrypted = false } = {}): Promise<Buffer> {
  const document = await PDFDocument.create()
  document.addPage().drawText('Safety training record')
  if (encrypted) document.encrypt({ userPassword: 'himitsu', ownerPassword: 'himitsu' })
  return Buffer.from(await document.save())
}

export function office(...names: string[]): Buffer {
  const text = Buffer.from('<?xml version="1.0"?><x/>')
  return Buffer.from(zipSync(Object.fromEntries(['[Content_Types].xml', '_rels/.rels', ...names].map(name => [name, text]))))
}

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

function pngChunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), body])
  return Buffer.concat([uint32(body.length), named, uint32(crc32(named))])
}

function box(type: string, body: Buffer): Buffer {
  return Buffer.concat([uint32(body.length + 8), Buffer.from(type), body])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
