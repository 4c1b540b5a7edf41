import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { z } from 'zod'
import type { Dossier } from '../../schema/decision-shapes.ts'
import type { CastName } from '../../scripts/seed.ts'
import { caseFilesOn } from '../support/case-files.ts'
import { describeJudged } from '../support/judges.ts'
import { reportedCasesOn, type Found } from '../support/reported-cases.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Issue 6, done when 4: the audit report is a tagged PDF in two languages, and each of its numbers is the dossier's.
const theatre = await stage()
const { app, as, anybody, cookieOf, idOf, runJobs, world: { database: { sql } } } = theatre
const sealed = sealedFilesOn(theatre), { reported } = reportedCasesOn(theatre, sealed), { handIn } = caseFilesOn(theatre)
const directory = mkdtempSync(path.join(tmpdir(), 'akashi-report-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const take = async (who: CastName, id: string, language = 'ja') => {
  const { statusCode, rawPayload, headers } = await app.inject({ method: 'GET', url: `/applications/${id}/report.pdf?language=${language}`, headers: { host: 'akashi.test', cookie: cookieOf(who) } })
  const file = path.join(directory, `${randomUUID()}.pdf`)
  writeFileSync(file, rawPayload)
  return { status: statusCode, file, bytes: rawPayload, headers }
}
const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 100_000_000 })
/** As it is read, a line a row; pages apart by form feeds. */
const textOf = (file: string) => run('pdftotext', '-layout', file, '-')
const number = (text: string, label: RegExp) => Number(new RegExp(`^ *${label.source} +.*?(\\d+(?:\\.\\d+)?)$`, 'm').exec(text)?.[1])
const languages = [['ja', { conforms: /適合/, minor: /軽微な不適合/, not_applicable: /該当なし/, days: /人日/, workers: /外国人労働者/, total: /合計/ }, 'の SHA-256', /(\d+) \/ (\d+) ページ/], ['en', { conforms: /Conforms/, minor: /Minor/, not_applicable: /Not applicable/, days: /Person-days/, workers: /Foreign workers/, total: /Total/ }, 'SHA-256 of the file', /Page (\d+) of (\d+)/]] as const

const secret = { note: '寮の廊下に洗濯物。', rating: '端数処理を口頭で確かめた。' }
const findings: Found[] = [{ criterion: 'RE-07.3', grade: 'minor', statement: '深夜割増の端数を切り捨てていた。' }, { criterion: 'RE-08.4', grade: 'minor', statement: 'WBGT の記録が2日間ない。' }, { criterion: 'RE-10.1', grade: 'observation', statement: '門限はない。Nguyễn 式。' }]
let id = '', lacking = '', dossier: z.output<typeof Dossier>
beforeAll(async () => {
  id = await reported({ employerId: await sealed.employerOf('yamada'), rated: { 'RE-07.3': 'minor', 'RE-08.4': 'minor', 'RE-14.2': 'not_applicable' }, exclusions: '夜間の工程は見ていない。', unrated: ['RE-12.5'], notes: [['RE-09.1', secret.note]], findings, async more(id) {
    await handIn(id, { purpose: 'photo', name: '部屋.jpg' })
    await handIn(id, { name: '就業規則.pdf' })
    await handIn(id, { name: '開けない.pdf', scan: 'pending' })
    await sql`update ratings set note = ${secret.rating}, version = version + 1 where application_id = ${id} and criterion = 'RE-07.3'`
    await sql`update visits set site_ids = site_ids[1:1] where application_id = ${id}`
  } })
  dossier = (await as('tanaka').get(`/applications/${id}/decision`)).body.dossier
}, 60_000)

describeJudged('the report', ['pdftotext', 'pdfinfo', 'qpdf', 'mutool'], () => {
  it.each(languages)('in %s has the numbers of the dossier', async (language, words, hashLabel, pageOf) => {
    const { status, file } = await take('tanaka', id, language), text = textOf(file)
    expect(status).toBe(200)
    expect(['conforms', 'minor', 'not_applicable'].map(value => number(text, words[value as 'conforms']))).toEqual([dossier.totals.conforms, dossier.totals.minor, dossier.totals.not_applicable])
    for (const { id, counts } of dossier.sections) { // section by section
      const row = new RegExp(`^ *${id} .*?((?: +\\d+){5})$`, 'm').exec(text)?.[1]?.trim().split(/ +/).map(Number)
      expect(row, id).toEqual([counts.conforms, counts.minor, counts.major, counts.zero_tolerance, counts.not_applicable])
    }
    expect(dossier.sections.flatMap(({ criteria }) => criteria).filter(({ id }) => !text.includes(id))).toEqual([])
    expect([number(text, words.days), number(text, words.total)]).toEqual([dossier.visit?.personDays, 1.5])
    expect(Number(new RegExp(`^ *${words.workers.source} +(\\d+) +`, 'm').exec(text)?.[1])).toBe(dossier.visit?.interviewsPlanned)
    for (const { criterion, statement } of dossier.findings) expect([new RegExp(`\\d\\. .*${criterion.replace('.', '\\.')}`).test(text), text.replaceAll(/\s/g, '').includes(statement.replaceAll(/\s/g, ''))], criterion).toEqual([true, true])
    expect((text.match(/^ *\d+\. .*RE-/gm) ?? []).length).toBe(dossier.findings.length)
    const pages = text.split('\f').slice(0, -1)
    expect(pages.filter(page => !page.includes(`${hashLabel} ${dossier.sha256}`))).toEqual([])
    expect(pages.map(page => pageOf.exec(page)?.slice(1).map(Number))).toEqual(pages.map((_, at) => [at + 1, pages.length]))
  })

  it.each([['ja', /評価していない基準（1）：RE-12\.5/, /訪問していない場所（1）：第一寮/, /済まず開けなかった資料（1）：開けない\.pdf/, /写真が 1 枚/], ['en', /Criteria not rated \(1\): RE-12\.5/, /Places not visited \(1\): 第一寮/, /scan was not passed[\s\S]*\(1\): 開けない\.pdf/, /1 photos were taken/]] as const)('in %s says what was not seen, and prints no photo', async (language, ...said: RegExp[]) => {
    const { file, bytes } = await take('sato', id, language), text = textOf(file)
    expect([said.filter(words => !words.test(text)), text.includes('夜間の工程は見ていない。'), bytes.includes('/Subtype /Image')]).toEqual([[], true, false])
  })

  it.each(['ja', 'en'])('in %s is whole, tagged, titled, in its language, with every font embedded', async language => {
    const { file } = await take('tanaka', id, language), info = run('pdfinfo', file), fonts = run('pdffonts', file).trim().split('\n').slice(2), tree = run('pdfinfo', '-struct', file)
    expect(run('qpdf', '--check', file)).toContain('No syntax or stream encoding errors')
    expect([/Tagged: +yes/.test(info), /Title: +(審査報告書|Audit report) /.test(info), fonts.length > 0, fonts.filter(font => !/yes yes yes/.test(font))]).toEqual([true, true, true, []])
    expect([run('mutool', 'show', file, 'trailer/Root/Lang').includes(language), run('mutool', 'info', file).toLowerCase().includes('error')]).toEqual([true, false])
    for (const role of ['H1', 'H2', 'H3', 'P', 'Table', 'TR', 'TH', 'TD']) expect(tree, role).toMatch(new RegExp(`^ *${role}\\b`, 'm'))
    const rows = tree.split(/^ *TR\n/m).slice(1).map(row => row.split(/^ {0,4}\w/m)[0] ?? '')
    expect(rows.length).toBeGreaterThan(60)
    expect([/Scope \/Column/.test(tree), /Scope \/Row/.test(tree)]).toEqual([true, true])
  })

  it.each([['ja', '〓 は、入力された文字のうち'], ['en', '〓 stands for a character']] as const)('in %s says once what stands for a character that no font of ours draws, and only where there is one', async (language, words) => {
    lacking ||= await reported({ employerId: await sealed.anotherEmployer('絵文字の会社'), notes: [['RE-09.1', '廊下に🦜が二羽。'], ['RE-09.2', '🦜はいない。']] })
    const [text, whole] = (await Promise.all([lacking, id].map(async each => textOf((await take('sato', each, language)).file)))) as [string, string]
    expect([text.split(words).length - 1, text.split('〓').length - 1, whole.includes('〓')]).toEqual([1, 3, false])
  })

  it('of the same file is the same to the byte, in each language another', async () => {
    const [one, again, other] = await Promise.all([take('tanaka', id), take('tanaka', id), take('tanaka', id, 'en')])
    expect([one.bytes.equals(again.bytes), one.bytes.equals(other.bytes)]).toEqual([true, false])
  })

  it('for those inside holds the notes; what workers said is in none', async () => {
    const text = textOf((await take('tanaka', id)).file)
    expect([text.includes(secret.note), text.includes(secret.rating), text.includes('計画に届いていません'), text.includes('寮の門限の話'), text.includes('A-01')]).toEqual([true, true, true, false, false])
  })

  it('for the employer: none before the decision, then without notes, interviews or how many were heard', async () => {
    expect((await take('yamada', id)).status).toBe(404)
    expect((await as('tanaka').post(`/applications/${id}/decision`, await sealed.decisionOn(id))).status).toBe(201)
    await runJobs()
    const { status, file } = await take('yamada', id), text = textOf(file)
    expect([status, [secret.note, secret.rating, '寮の門限の話', '計画（4', '認証を推薦', '計画に届いていません'].filter(words => text.includes(words)), text.includes('10人に満たない数は示しません'), text.includes('適合')]).toEqual([200, [], true, true])
    expect((await as('yamada').page(`/applications/${id}/export`)).text).toContain(`/applications/${id}/report.pdf?language=en`)
    expect(text).not.toMatch(/\b6 人|外国人労働者 +6/) // head counts only in bands
  })

  it('is for nobody else, and each making is on record', async () => {
    expect(await Promise.all((['outsider', 'lee', 'minato', 'ito'] as const).map(async who => (await take(who, id)).status))).toEqual([404, 404, 403, 403])
    expect((await anybody.get(`/applications/${id}/report.pdf`)).status).toBe(401)
    const [last] = await sql`select actor_id, after from journal where operation = 'audit_reports.download' and application_id = ${id} order by id desc limit 1`
    expect(last).toEqual({ actor_id: idOf('yamada'), after: { edition: 'client', language: 'ja' } })
  })

  it('comes from the sealed file only: what came later is not in it, and of an altered file there is none', async () => {
    const before = await take('sato', id)
    await handIn(id, { name: 'あとから.pdf' })
    expect((await take('sato', id)).bytes.equals(before.bytes)).toBe(true)
    await sql`alter table recommendations disable trigger user`
    await sql`update recommendations set summary = 'べつの話' where application_id = ${id}`
    expect((await take('sato', id)).status).toBe(409)
  })
})

describeJudged('a long case', ['pdftotext', 'qpdf'], () => {
  it.each(['ja', 'en'])('of 60 criteria, 40 findings and a note of 200 pages is paged cleanly in %s', { timeout: 60_000 }, async language => {
    const paragraph = '工場の二階で、作業の手順と保護具の使い方を一人ずつ確かめた。通路の幅、非常口の表示、消火器の点検日を記録した。Phạm Thị Hồng の名札は二か国語。', long = Array.from({ length: 5300 }, (_, nth) => `${nth + 1}：${paragraph}`).join('\n')
    const many = Array.from({ length: 40 }, (_, nth): Found => ({ criterion: `RE-0${1 + nth % 9}.${1 + nth % 2}`, grade: 'observation', statement: `${nth + 1}番目の指摘。${paragraph.repeat(nth % 7 + 1)}` }))
    const employerId = await sealed.anotherEmployer(`長い名前の株式会社${'大'.repeat(60)}`)
    await sql`insert into employer_sites (id, employer_id, kind, name_ja, address_ja, people) values (${randomUUID()}, ${employerId}, 'housing', '寮', '愛知県豊田市見本2', 6)`
    await sql`insert into employer_populations (id, employer_id, nationality, residence_status, people) values (${randomUUID()}, ${employerId}, 'ID', 'technical_intern', 4)`
    const id = await reported({ employerId, findings: [...many.slice(1), { criterion: 'RE-09.2', grade: 'observation', statement: `最後。${paragraph.repeat(40)}` }], notes: [['RE-09.1', long]] })
    const { status, file } = await take('sato', id, language), text = run('pdftotext', file, '-'), pages = text.split('\f').slice(0, -1)
    expect([status, run('qpdf', '--check', file).includes('No syntax')]).toEqual([200, true])
    expect([pages.length > 200, text.replaceAll(/\s/g, '').includes(`5300：${paragraph}`.replaceAll(/\s/g, '')), (text.match(/^\d+\. .*RE-/gm) ?? []).length, new Set(text.match(/RE-\d\d\.\d+/g)).size]).toEqual([true, true, 40, 60])
    const bounds = run('pdftotext', '-bbox', file, '-').matchAll(/yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"/g)
    expect([...bounds].filter(([, top, right, bottom]) => Number(top) < 20 || Number(right) > 560 || Number(bottom) > 825).length).toBe(0) // nothing runs off the paper
    expect(pages.filter(page => page.trim().split('\n').length < 4)).toEqual([]) // no page with nothing but its frame
  })
})
