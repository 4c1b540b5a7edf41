import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { caseFilesOn } from '../support/case-files.ts'
import { jpeg, png } from '../support/evidence-files.ts'
import { describeJudged } from '../support/judges.ts'
import { jpegWithPlace, latitude, maker } from '../support/photos.ts'
import { reportedCasesOn } from '../support/reported-cases.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Issue 6: the audit report holds photos with consent, and of the others how many there are and why they are not in it.
const theatre = await stage()
const { app, as, cookieOf, idOf, runJobs, world: { database: { sql }, documents } } = theatre
const sealed = sealedFilesOn(theatre), { reported } = reportedCasesOn(theatre, sealed), { handIn } = caseFilesOn(theatre)
const directory = mkdtempSync(path.join(tmpdir(), 'akashi-photos-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const take = async (who: CastName, id: string, language = 'ja') => {
  const { statusCode, rawPayload } = await app.inject({ method: 'GET', url: `/applications/${id}/report.pdf?language=${language}`, headers: { host: 'akashi.test', cookie: cookieOf(who) } })
  const file = path.join(directory, `${randomUUID()}.pdf`)
  writeFileSync(file, rawPayload)
  return { status: statusCode, file, bytes: rawPayload }
}
const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 100_000_000 })
const textOf = (file: string) => run('pdftotext', '-layout', file, '-')
/** Pictures as a PDF reader lists them: kind, width, height, how they are packed. */
const picturesOf = (file: string) => run('pdfimages', '-list', file).trim().split('\n').slice(2).map(row => { const cells = row.trim().split(/\s+/); return [cells[2], Number(cells[3]), Number(cells[4]), cells[8]] })

/** What each figure is called to those who do not see it. */
const figures = (bytes: Buffer) => [...bytes.toString('latin1').matchAll(/\/S \/Figure [^\n]*?\/Alt <FEFF([\dA-F]+)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').swap16().toString('utf16le'))

type Photo = { criterion: string; note: string; bytes: Uint8Array; consent?: 'nobody' | 'agreed'; scan?: string; type?: string }
async function photograph(id: string, { criterion, note, bytes, consent, scan = 'clean', type = 'image/jpeg' }: Photo) {
  const photo = await handIn(id, { purpose: 'photo', name: '写真.jpg', bytes, scan, type })
  await sql`insert into visit_notes (id, application_id, criterion, note, photo_id, written_by) values (${randomUUID()}, ${id}, ${criterion}, ${note}, ${photo.id}, ${idOf('sato')})`
  if (consent) await sql`insert into photo_consents (document_id, application_id, consent, said_by) values (${photo.id}, ${id}, ${consent}, ${idOf('sato')})`
  return photo
}
const other = (text: string) => Buffer.concat([jpegWithPlace(), Buffer.from(text)]) // the same picture with another hash
const words = { shown: '二階の非常口は開いていた。', without: '台所で二人が話していた。' }

let id = ''
const kept: { key: string }[] = []
beforeAll(async () => {
  id = await reported({ employerId: await sealed.employerOf('yamada'), async more(id) {
    await photograph(id, { criterion: 'RE-09.2', note: words.shown, bytes: jpegWithPlace(), consent: 'nobody' })
    await photograph(id, { criterion: 'RE-09.1', note: words.without, bytes: jpeg })
    await photograph(id, { criterion: 'RE-09.1', note: 'PNG', bytes: png, type: 'image/png', consent: 'agreed' })
    await photograph(id, { criterion: 'RE-09.1', note: '検査待ち', bytes: other('held'), scan: 'pending', consent: 'agreed' })
    kept.push(await photograph(id, { criterion: 'RE-09.1', note: 'なくなる', bytes: other('lost'), consent: 'agreed' }), await photograph(id, { criterion: 'RE-09.1', note: 'すり替わる', bytes: other('changed'), consent: 'agreed' }))
  } })
  for (const { key } of kept) await documents.delete(key)
  await documents.put(kept[1]?.key ?? '', (async function* () { yield jpeg })(), { type: 'image/jpeg' })
}, 60_000)

describeJudged('photos in the report', ['pdftotext', 'pdfinfo', 'qpdf', 'mutool'], () => {
  it('are those with consent, as they were sealed, and without what the phone wrote into them', async () => {
    const { status, file, bytes } = await take('tanaka', id)
    expect([status, run('qpdf', '--check', file).includes('No syntax or stream encoding errors'), picturesOf(file), run('mutool', 'info', '-I', file).match(/DCT/g)?.length]).toEqual([200, true, [['image', 8, 8, 'jpeg']], 1])
    expect([jpegWithPlace().includes(maker), bytes.includes(maker), bytes.includes(latitude)]).toEqual([true, false, false])
  })

  it.each([
    ['ja', [/写真が 6 枚/, /1 枚を載せています/, /1 枚は載せていません。写っている人の同意/, /2 枚は載せていません。保管場所/, /1 枚は載せていません。ウイルス/, /1 枚は載せていません。2 MB/, /写真 1 · RE-09\.2/]],
    ['en', [/6 photos were taken/, /1 are printed/, /1 are not printed: the consent/, /2 are not printed: they are not in storage/, /1 are not printed: their virus/, /1 are not printed: they cannot be read as a JPEG/, /Photo 1 · RE-09\.2/]],
  ] as const)('in %s are counted, and said why they are not there', async (language, said) => {
    const text = textOf((await take('sato', id, language)).file)
    expect([said.filter(words => !words.test(text)), text.split(words.shown).length]).toEqual([[], 3]) // among the notes, and below its photo
  })

  it.each([['ja', '現地で撮った写真：RE-09.2 '], ['en', 'Photo taken on site: RE-09.2 ']])('in %s are figures with words for those who do not see them, and where they stand', async (language, alt) => {
    const { file, bytes } = await take('tanaka', id, language), tree = run('pdfinfo', '-struct', file)
    expect(tree.match(/^ *Figure:\n +\/Placement \/Block\n +\/BBox \[48 [\d.]+ 56 [\d.]+\]$/gm)?.length).toBe(1)
    expect(figures(bytes).map(words => words.startsWith(alt))).toEqual([true])
  })

  it('for the employer are the same, with their criterion and no words of the assessor', async () => {
    expect((await as('tanaka').post(`/applications/${id}/decision`, await sealed.decisionOn(id))).status).toBe(201)
    await runJobs()
    const { status, file, bytes } = await take('yamada', id), text = textOf(file)
    expect([status, picturesOf(file).length, text.includes('写真 1 · RE-09.2'), Object.values(words).filter(words => text.includes(words)), figures(bytes).length]).toEqual([200, 1, true, [], 1])
  })
})
