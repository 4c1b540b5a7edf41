import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diskDocuments } from '../../server/adapters/disk-documents.ts'
import { StorageUnavailable, type Documents } from '../../server/adapters/documents.ts'
import { acceptedExtensions, fileKinds, kindOfType } from '../../server/http/uploads/kinds.ts'
import { receiveFile, type SentFile } from '../../server/http/uploads/receive.ts'
import { collected, gather, megabytes } from '../support/documents-contract.ts'
import { docx, heic, jpeg, jpegWithPreview, office, ole, pdf, png, pptx, shiftJis, webp, xlsx, xlsxWithMacro } from '../support/evidence-files.ts'
import { memoryWatch } from '../support/memory.ts'

const MB = 1024 * 1024
const limitBytes = MB
const openXml = 'application/vnd.openxmlformats-officedocument.'

let root: string
let documents: Documents
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'uploads-'))
  documents = diskDocuments(root)
})
afterEach(() => rm(root, { recursive: true }))

async function* inPieces(content: Uint8Array, of = 65_536) {
  for (let at = 0; at < content.length; at += of) yield content.subarray(at, at + of)
}

const receive = (filename: string, content: Uint8Array, mimetype = 'application/octet-stream', more: Partial<SentFile> = {}) =>
  receiveFile({ filename, mimetype, stream: inPieces(content), ...more }, { documents, limitBytes })

async function refusal(...sent: Parameters<typeof receive>): Promise<string | undefined> {
  const outcome = await receive(...sent)
  expect(await collected(documents.list())).toEqual([])
  return 'refused' in outcome ? outcome.refused : undefined
}

const pdfBytes = await pdf()
const accepted: [kind: string, name: string, content: Buffer, declared: string, type: string][] = [
  ['pdf', '就業規則.pdf', pdfBytes, 'application/pdf', 'application/pdf'],
  ['pdf', 'scan.PDF', Buffer.concat([Buffer.from('\ufeff\r\n'), pdfBytes, Buffer.alloc(500)]), '', 'application/pdf'],
  ['jpeg', '寮.JPG', jpeg, 'image/jpeg', 'image/jpeg'],
  ['jpeg', 'phone.jpeg', jpegWithPreview, 'image/jpeg', 'image/jpeg'],
  ['jpeg', 'motion.jpg', Buffer.concat([jpeg, Buffer.alloc(5000, 'film after the picture')]), 'image/pjpeg', 'image/jpeg'],
  ['png', 'a.png', png, 'image/png', 'image/png'],
  ['heic', 'IMG_0001.HEIC', heic, 'image/heif', 'image/heic'],
  ['webp', 'a.webp', webp, 'image/webp', 'image/webp'],
  ['xlsx', '賃金台帳（3月分）.xlsx', xlsx, `${openXml}spreadsheetml.sheet`, `${openXml}spreadsheetml.sheet`],
  ['docx', '雇用契約書.docx', docx, 'application/zip', `${openXml}wordprocessingml.document`],
  ['docx', 'online.docx', office('word/document2.xml'), '', `${openXml}wordprocessingml.document`],
  ['pptx', '研修.pptx', pptx, `${openXml}presentationml.presentation`, `${openXml}presentationml.presentation`],
  ['csv', '勤怠.csv', shiftJis, 'application/vnd.ms-excel', 'text/csv; charset=shift_jis'],
  ['csv', 'old.csv', Buffer.concat([shiftJis, Buffer.from([0x1a])]), 'text/csv', 'text/csv; charset=shift_jis'],
  ['csv', 'machine.csv', Buffer.from('MZ番号,BM番号\n1,2\n'), 'text/csv', 'text/csv; charset=utf-8'],
  ['txt', 'メモ.txt', Buffer.from('\ufeff葛󠄀城 髙橋\r\n'), 'text/plain; charset=utf-8', 'text/plain; charset=utf-8'],
  ['txt', 'page.txt', Buffer.from('<!doctype html><script>alert(1)</script>'), 'text/plain', 'text/plain; charset=utf-8'],
]

describe('what is taken', () => {
  it.each(accepted)('%s: %s, whatever the pieces it comes in', async (kind, name, content, declared, type) => {
    for (const piece of [1, 7, 4096, 65_536]) {
      const outcome = await receive(name, content, declared, { stream: inPieces(content, piece) })
      expect(outcome).toEqual({
        key: expect.stringMatching(/^[a-z0-9]{28}$/), name, size: content.length, sha256: createHash('sha256').update(content).digest('hex'), type, kind,
      })
      if ('key' in outcome) expect((await gather(await documents.get(outcome.key))).equals(content)).toBe(true)
    }
  })

  it('covers every kind of the table', () => expect(new Set(accepted.map(([kind]) => kind))).toEqual(new Set(fileKinds.map(({ kind }) => kind))))

  it('the table speaks to the form and back from a stored type', () => {
    expect(acceptedExtensions.split(',')).toEqual(expect.arrayContaining(['.pdf', '.jpg', '.jpeg', '.png', '.heic', '.webp', '.xlsx', '.docx', '.pptx', '.csv', '.txt']))
    expect(accepted.map(([, , , , type]) => kindOfType(type))).toEqual(accepted.map(([kind]) => kind))
    expect(kindOfType('text/html')).toBeUndefined()
  })
})

describe('what is refused, and leaves nothing', () => {
  const html = Buffer.from('<html>')
  const exe = Buffer.concat([Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'), Buffer.alloc(100)])
  it.each<[string, string, string, Uint8Array, string?]>([
    ['file_empty', 'nothing in it', 'a.pdf', Buffer.alloc(0)],
    ['file_missing', 'a form without a chosen file', '', Buffer.alloc(0)],
    ['file_name_unusable', 'bytes without a name', '', pdfBytes],
    ['file_too_large', 'over the limit', 'a.txt', Buffer.alloc(limitBytes + 1, 'x')],
    ['file_kind_not_allowed', 'a kind that is not on the list', 'a.html', html],
    ['file_kind_not_allowed', 'an old office file', 'a.xls', ole('Workbook')],
    ['file_kind_not_allowed', 'no ending', 'README', Buffer.from('x')],
    ['file_kind_not_allowed', 'an ending only', '.pdf.', pdfBytes],
    ['file_executable', 'a program by its name', 'a.pdf.exe', pdfBytes],
    ['file_executable', 'a macro file by its name', 'a.xlsm', xlsxWithMacro],
    ['file_executable', 'a program called PDF', 'a.pdf', exe, 'application/pdf'],
    ['file_executable', 'a program called text', 'a.txt', exe],
    ['file_executable', 'a Linux program called photo', 'a.jpg', Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(60)])],
    ['file_executable', 'a script called text', 'a.txt', Buffer.from('#!/bin/sh\nrm -rf ~\n')],
    ['file_executable', 'a workbook with a macro', 'a.xlsx', xlsxWithMacro],
    ['file_executable', 'a Java program called workbook', 'a.xlsx', office('META-INF/MANIFEST.MF')],
    ['file_mislabelled', 'a photo called PDF', 'a.pdf', jpeg],
    ['file_mislabelled', 'a PDF called photo', 'a.jpg', pdfBytes],
    ['file_mislabelled', 'a web page called PDF', 'a.pdf', html],
    ['file_mislabelled', 'a PNG called HEIC', 'a.heic', png],
    ['file_mislabelled', 'a workbook called document', 'a.docx', xlsx],
    ['file_mislabelled', 'any zip called workbook', 'a.xlsx', office('photos/1.jpg')],
    ['file_mislabelled', 'an old workbook called new', 'a.xlsx', ole('Workbook')],
    ['file_mislabelled', 'text called workbook', 'a.xlsx', Buffer.from('1,2,3')],
    ['file_mislabelled', 'a photo called text', 'a.csv', jpeg],
    ['file_mislabelled', 'zeros called text', 'a.txt', Buffer.from('text\0text')],
    ['file_mislabelled', 'neither UTF-8 nor Shift_JIS', 'a.txt', Buffer.from([0xe3, 0x81, 0x82, 0xff, 0xff, 0x20])],
    ['file_mislabelled', 'UTF-16', 'a.csv', Buffer.from('\ufeff1,2', 'utf16le')],
    ['file_mislabelled', 'declared as something else', 'a.pdf', pdfBytes, 'image/png'],
    ['file_mislabelled', 'declared as a web page', 'a.txt', html, 'text/html'],
    ['file_encrypted', 'a workbook with a password', 'a.xlsx', ole('EncryptedPackage')],
    ['file_truncated', 'UTF-8 cut inside a character', 'a.txt', Buffer.from('賃金台帳').subarray(0, -1)],
    ['file_truncated', 'Shift_JIS cut inside a character', 'a.csv', shiftJis.subarray(0, 5)],
  ])('%s: %s', async (code, _, name, content, declared) => {
    for (const piece of content.length < 10_000 ? [3, 65_536] : [65_536]) expect(await refusal(name, content, declared, { stream: inPieces(content, piece) })).toBe(code)
  })

  it('no file at all', async () => expect(await receiveFile(undefined, { documents, limitBytes })).toEqual({ refused: 'file_missing', params: {} }))

  it('a PDF with a password, in pieces that cut through the mark', async () => {
    const locked = await pdf({ encrypted: true })
    expect(locked.includes('/Encrypt')).toBe(true)
    for (const piece of [5, 8, 65_536]) expect(await refusal('a.pdf', locked, '', { stream: inPieces(locked, piece) })).toBe('file_encrypted')
  })

  it('a zip whose entries have a password', async () => {
    const locked = Buffer.from(xlsx)
    const entry = locked.indexOf('PK\x01\x02')
    locked.writeUInt16LE(locked.readUInt16LE(entry + 8) | 1, entry + 8)
    expect(await refusal('a.xlsx', locked)).toBe('file_encrypted')
  })

  it('text that turns into something else after many pieces', async () => {
    const late = Buffer.concat([Buffer.from('あ'.repeat(50_000)), Buffer.from([0xff, 0xfe, 0x80])])
    expect(await refusal('a.txt', late)).toBe('file_mislabelled')
  })

  const whole = accepted.filter(([kind, name]) => !['csv', 'txt'].includes(kind) && !['scan.PDF', 'motion.jpg'].includes(name))
  it.each(whole)('%s %s cut short anywhere in its second half', async (_, name, content, declared) => {
    const end = name.endsWith('.pdf') ? content.length - '%%EOF\n'.length : content.length - 1
    for (let cut = Math.ceil(content.length / 2); cut <= end; cut += Math.ceil(content.length / 16)) expect([cut, await refusal(name, content.subarray(0, cut), declared)]).toEqual([cut, 'file_truncated'])
    expect(await refusal(name, content.subarray(0, end), declared)).toBe('file_truncated')
  })

  it('tells what it found and where the limit lies', async () => {
    expect(await receive('請求.pdf', jpeg)).toEqual({ refused: 'file_mislabelled', params: { name: '請求.pdf', limit: 1, found: 'image/jpeg' } })
  })
})

describe('names', () => {
  it.each([
    ['賃金台帳（3月分）.txt'], ['葛󠄀城　髙橋㈱.txt'], ['Nguyễn Thị Ngọc Ánh.txt'], ['が.txt'], ['か\u3099.txt'], ['👩🏽‍🏭 100%.txt'], ['a"b;c=d\'e.txt'], ['..txt'], [`${'長'.repeat(251)}.txt`],
  ])('%j is kept as it is', async name => expect(await receive(name, Buffer.from('x'))).toMatchObject({ name }))

  it.each([['C:\\fakepath\\台帳.txt', '台帳.txt'], ['../../etc/台帳.txt', '台帳.txt']])('%j is cut to its last segment', async (sent, name) =>
    expect(await receive(sent, Buffer.from('x'))).toMatchObject({ name }))

  it.each(['a\0.txt', 'a\n.txt', 'a\u007f.txt', 'a\u0085.txt', 'folder/', '..', '.', ' ', `${'長'.repeat(252)}.txt`, 'a\ud800.txt', 'a\ufffd.txt', 'a\u202etxt.pdf', 'a\u2066.txt'])('%j is refused', async name =>
    expect(await refusal(name, Buffer.from('x'))).toBe('file_name_unusable'))
})

describe('streams', () => {
  it('takes 50 MB with flat memory', async () => {
    const allowed = 20 * MB, memory = memoryWatch(allowed)
    const outcome = await receiveFile({ filename: 'large.csv', mimetype: 'text/csv', stream: megabytes(50, memory.look) }, { documents, limitBytes: 50 * MB })
    expect(outcome).toMatchObject({ size: 50 * MB })
    expect(memory.worst()).toBeLessThan(allowed)
  })

  it('reads a refused stream to its end, and keeps nothing of it', async () => {
    let sent = 0
    const stream = (async function* () { for await (const piece of megabytes(3)) { sent += piece.length; yield piece } })()
    expect(await receiveFile({ filename: 'a.csv', mimetype: '', stream }, { documents, limitBytes })).toMatchObject({ refused: 'file_too_large' })
    expect(sent).toBe(3 * MB)
    expect(await collected(documents.list())).toEqual([])
  })

  it('believes the parser that says it cut the file', async () => {
    expect(await refusal('a.txt', Buffer.from('x'), '', { truncated: () => true })).toBe('file_too_large')
  })

  it('calls a sender who hangs up a truncated file', async () => {
    const stream = (async function* () { yield Buffer.from('abc'); throw new Error('aborted') })()
    expect(await refusal('a.txt', Buffer.alloc(0), '', { stream })).toBe('file_truncated')
  })

  it('passes on that the storage is away', async () => {
    const file = path.join(root, 'no-directory')
    await writeFile(file, '')
    await expect(receiveFile({ filename: 'a.txt', mimetype: '', stream: inPieces(Buffer.from('x')) }, { documents: diskDocuments(file), limitBytes })).rejects.toThrow(StorageUnavailable)
  })
})
