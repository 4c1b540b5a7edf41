import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { publishLog } from '../../server/log/publish.ts'
import { caseFilesOn } from '../support/case-files.ts'
import { exportsOn, packed, unpacked, type Files } from '../support/export-files.ts'
import { verify } from '../support/kept-files.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// The checker trusts no ZIP: whatever was done to an export is found out and told in words, and a hostile one costs nothing.
const theatre = await stage()
theatre.clock.now = new Date()
const { awaiting } = sealedFilesOn(theatre)
const { handIn } = caseFilesOn(theatre)
const { take, kept, keys } = exportsOn(theatre)

let zip: Buffer = Buffer.of(), files: Files = new Map(), dir = '', document = ''
beforeAll(async () => {
  const id = await awaiting({ before: async id => { document = `documents/${(await handIn(id, { name: 'タイムカード.pdf', bytes: Buffer.from('hours') })).id}-タイムカード.pdf` } })
  zip = (await take('sato', id)).zip
  files = await unpacked(zip)
  dir = await keys()
}, 60_000)

const check = async (bytes: Buffer, offline = true) => verify([kept(bytes), ...offline ? ['--offline', dir] : [], '--json'])
const changed = async (change: (files: Files) => void) => {
  const copy: Files = new Map(files)
  change(copy)
  return packed(copy)
}
const edit = (files: Files, path: string, from: string, to: string) => {
  const before = String(files.get(path))
  if (!before.includes(from)) throw new Error(`${path} has no ${from}`)
  files.set(path, Buffer.from(before.replace(from, to)))
}
/** The manifest written anew, as somebody without the key would. */
const reckoned = (files: Files) => {
  const manifest = JSON.parse(String(files.get('manifest.json')))
  manifest.entries = manifest.entries.filter(({ path }: { path: string }) => files.has(path)).map((entry: { path: string }) => ({ ...entry, size: files.get(entry.path)?.length, sha256: createHash('sha256').update(files.get(entry.path) ?? '').digest('hex') }))
  files.set('manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`))
}
const headerOf = (bytes: Buffer, name: string) => bytes.indexOf(name) // the name in the local header, and in the directory at the end
const recordOf = (bytes: Buffer, name: string) => bytes.lastIndexOf(name)

describe('an export', () => {
  it('as it was made is authentic; in the checker’s own words in two languages', async () => {
    const { code, out } = await verify([kept(zip), '--offline', dir]), ja = await verify([kept(zip), '--offline', dir], { lang: 'ja' })
    expect([code, out.includes('The export is authentic, and complete but for what rules keep out.'), ja.out.includes('この書き出しは本物で')]).toEqual([0, true, true])
  })

  it.each([false, true])('packed anew by somebody else is the same export, ZIP64 %s', async zip64 => expect((await check(await packed(files, { zip64 }))).code).toBe(0))

  it('without the issuer’s keys stays open', async () => {
    const { code, says, out } = await check(zip, false)
    expect([code, says('export_signature'), JSON.parse(out).result]).toEqual([1, ['could_not_be_checked'], 'open'])
  })

  it('asked of the issuer itself is held against the whole log, too', async () => {
    const url = await theatre.app.listen({ port: 0, host: '127.0.0.1' })
    await theatre.runJobs()
    await publishLog(theatre.world)
    const { code, says } = await verify([kept(zip), '--url', url, '--json'])
    expect([code, says('export_signature'), says('export_logged'), says('log')]).toEqual([0, ['passed'], ['passed'], ['passed']])
  })

  it.each<[string, (files: Files) => void, string, string[]]>([
    ['a changed document', files => files.set(document, Buffer.from('other')), 'export_entries', ['failed:differs']],
    ['a document taken out', files => files.delete(document), 'export_entries', ['failed:lacking']],
    ['a file slipped in', files => files.set('documents/extra.pdf', Buffer.from('x')), 'export_entries', ['failed:added']],
    ['a changed answer', files => edit(files, 'case.json', '毎月', '毎年'), 'export_entries', ['failed:differs']],
    ['a document taken out, and the manifest made to fit', files => { files.delete(document); reckoned(files) }, 'export_manifest', ['failed']],
    ['the same, seen from the case', files => { files.delete(document); reckoned(files) }, 'export_documents', ['failed:lacking']],
    ['the same, seen from the sealed file', files => { files.delete(document); reckoned(files) }, 'export_dossier', ['failed']],
    ['another reason for an omission', files => edit(files, 'manifest.json', 'withheld_from_you', 'infected'), 'export_manifest', ['failed']],
    ['another edition claimed', files => edit(files, 'manifest.signed.json', '"edition": "assessor"', '"edition": "operator"'), 'export_signature', ['failed']],
    ['a statement in other spelling', files => edit(files, 'manifest.signed.json', '{\n', '{ \n'), 'export_form', ['failed']],
    ['no manifest at all', files => files.delete('manifest.json'), 'export_form', ['failed']],
    ['a row of the dossier changed, and the manifest made to fit', files => { edit(files, 'dossier/rows.ndjson', '毎月', '毎年'); reckoned(files) }, 'export_dossier', ['failed']],
    ['a row of the dossier taken out', files => { files.set('dossier/rows.ndjson', Buffer.from(String(files.get('dossier/rows.ndjson')).replace(/^.*answers\/RE-01\.1.*\n/m, ''))); reckoned(files) }, 'export_dossier', ['failed']],
    ['the seal written anew', files => { edit(files, 'dossier/seal.json', '"answers/RE-01.1":"', '"answers/RE-01.1":"0'); reckoned(files) }, 'export_dossier', ['failed']],
  ])('with %s is found out', async (_, change, finding, verdict) => {
    const { code, says } = await check(await changed(change))
    expect([code, says(finding)]).toEqual([1, verdict])
  })

  it('names the row of the dossier that was changed', async () => {
    const { out } = await check(await changed(files => { edit(files, 'dossier/rows.ndjson', '毎月', '毎年'); reckoned(files) }))
    expect(out).toMatch(/What the decision rests on is not what was sealed: answers\/RE-\d\d\.\d+/)
  })
})

describe('a hostile ZIP', () => {
  const renamed = (name: string, to: string) => { // the same length, in header and directory
    const bytes = Buffer.from(zip)
    for (const at of [headerOf(bytes, name), recordOf(bytes, name)]) bytes.write(to, at, 'latin1')
    return bytes
  }
  const inDirectory = (name: string, offset: number, value: number) => { // a field of the entry's record, counted from its signature
    const bytes = Buffer.from(zip)
    bytes.writeUInt32LE(value, recordOf(bytes, name) - 46 + offset)
    return bytes
  }

  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['a name that leads out of it', () => renamed('dossier/seal.json', '../../../seal.jso'), 'path'],
    ['an absolute name', () => renamed('dossier/seal.json', '/etc/akashi/passw'), 'path'],
    ['one name twice', () => packed([...files, ['case.json', Buffer.from('{}')]]), 'twice'],
    ['a bomb', () => packed([...files, ['bomb', Buffer.alloc(50 * 1024 * 1024)]], { compress: true }), 'compressed'],
    ['a size that lies', () => inDirectory('case.json', 24, 7), 'size'],
    ['both sizes lying beyond the end', () => { const bytes = inDirectory('case.json', 24, 0x7fff_ffff); bytes.writeUInt32LE(0x7fff_ffff, recordOf(bytes, 'case.json') - 46 + 20); return bytes }, 'overlap'],
    ['two names over the same bytes', () => inDirectory('dossier/seal.json', 42, 0), 'overlap'],
    ['another name inside than in the directory', () => { const bytes = Buffer.from(zip); bytes.write('casf.json', headerOf(bytes, 'case.json'), 'latin1'); return bytes }, 'names'],
    ['bytes before the first file', () => withPrefix(zip), 'broken'],
    ['a cut end', () => zip.subarray(0, zip.length - 30), 'broken'],
    ['nothing but the beginning of one', () => Buffer.from('PK\x03\x04'), 'broken'],
  ])('with %s is refused in words, and nothing of it is believed', async (_, hostile, fault) => {
    const { code, says, out } = await check(await hostile())
    expect([code, says('export_zip'), says('export_form'), /: failed/.test(JSON.parse(out).checks[0].says)]).toEqual([1, [`failed:${fault}`], [], false])
  })

  it('that hides a file between two others is refused', async () => {
    const hidden = await packed([...files].slice(0, 2)), second = headerOf(zip, [...files.keys()][1] ?? '') - 30
    const grown = Buffer.concat([zip.subarray(0, second), hidden.subarray(0, 100), zip.subarray(second)])
    expect((await check(shifted(grown, second, 100))).says('export_zip')).toEqual(['failed:hidden'])
  })

  it('of ten thousand names ends soon', { timeout: 30_000 }, async () => {
    const many = await packed(Array.from({ length: 10_000 }, (_, nth) => [`f${nth}`, Buffer.of()] as const))
    const begun = performance.now()
    expect([(await check(many)).says('export_form'), performance.now() - begun < 20_000]).toEqual([['failed'], true])
  })
})

const withPrefix = (bytes: Buffer) => Buffer.concat([Buffer.from('#!/bin/sh\n'), bytes])

/** The ZIP with `by` bytes pushed in at `from`: every offset of its directory follows. */
function shifted(bytes: Buffer, from: number, by: number): Buffer {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06')), directory = bytes.readUInt32LE(end + 16) + by
  bytes.writeUInt32LE(directory, end + 16)
  for (let at = directory; at < end; at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)) {
    const offset = bytes.readUInt32LE(at + 42)
    if (offset >= from) bytes.writeUInt32LE(offset + by, at + 42)
  }
  return bytes
}
