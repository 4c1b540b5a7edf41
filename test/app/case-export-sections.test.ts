import { randomUUID } from 'node:crypto'
import { sql as query } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { reads } from '../../server/case-exports/sections.ts'
import { keptApart } from '../../server/domain/case-edition.ts'
import { appealsOn } from '../support/appeals.ts'
import { exportsOn, unpacked, type Files } from '../support/export-files.ts'
import { verify } from '../support/kept-files.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Issue 6: nothing of a case is forgotten by its export. Each table that hangs on a case is a section, or kept apart and told so, or no record of it.
const theatre = await stage()
theatre.clock.now = new Date() // the checker has the real clock
const { as, idOf, world: { database: { db, sql } } } = theatre
const { take, kept, keys } = exportsOn(theatre)
const { issued, employerOf } = sealedFilesOn(theatre)
const { refused, handled, answer } = appealsOn(theatre)

/** Tables that hold nothing of a case that would not be in its export anyway. */
const noRecord: Record<string, string> = {
  dossiers: 'dossier/', certificate_files: 'certificates/', bench_places: 'where somebody’s screen stood', register_entries: 'reckoned from the standing', register_changes: 'reckoned from the standing', reissue_certificates: 'which run drew an edition',
}
const ofApart = ['complaint_steps', 'misuse_report_steps', 'second_marks', 'webhook_deliveries']

describe('the tables of a case', () => {
  it('are each read by a section, kept apart, or named here as no record of it', async () => {
    const hanging = (await sql<{ name: string }[]>`
      with recursive hanging(oid) as (select 'applications'::regclass::oid union select c.conrelid from pg_constraint c join hanging h on c.confrelid = h.oid where c.contype = 'f')
      select oid::regclass::text as name from hanging order by 1`).map(({ name }) => name)
    const read = new Set<string>()
    for (const section of Object.values(reads)) {
      const [row] = await db.execute<{ 'QUERY PLAN': unknown }>(query`explain (format json) ${section({ id: idOf('suzuki'), employer: false, visitKnown: true })}`)
      for (const [, name = ''] of JSON.stringify(row).matchAll(/Relation Name\\*": ?\\*"(\w+)/g)) read.add(name)
    }
    expect(hanging.filter(name => !read.has(name) && !(name in noRecord) && !ofApart.includes(name) && !(keptApart as readonly string[]).includes(name))).toEqual([])
    expect(read.has('photo_consents')).toBe(true)
  })
})

describe('a visit after certification', () => {
  it('is in the export of whoever plans it; without notice it is not in the holder’s, by no word, before it was held', { timeout: 30_000 }, async () => {
    const { number, id } = await issued({ employerId: await employerOf('yamada') }), [{ certificate } = { certificate: '' }] = await sql<{ certificate: string }[]>`select id as certificate from certificates where number = ${number}`
    const plan = (kind: string, plannedOn: string) => as('suzuki').post(`/certificates/${certificate}/surveillance`, { kind, plannedOn, personId: idOf('lee'), justification: '近くにいる。', once: randomUUID() })
    const before = await unpacked((await take('yamada', id)).zip), day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10)
    expect((await plan('unannounced', day(300))).status).toBe(201)
    const after = await unpacked((await take('yamada', id)).zip)
    expect(after.get('case.json')?.equals(before.get('case.json') ?? Buffer.of())).toBe(true)
    expect((await plan('announced', day(310))).status).toBe(201)
    const visits = async (who: 'yamada' | 'suzuki') => (JSON.parse(String((await unpacked((await take(who, id)).zip)).get('case.json'))) as { surveillance_visits: { kind: string; planned_on: string; assignment_id?: string }[] }).surveillance_visits
    expect([await visits('yamada'), (await visits('suzuki')).map(({ kind, assignment_id: by }) => [kind, typeof by])]).toEqual([[{ id: expect.any(String), certificate_id: certificate, kind: 'announced', planned_on: day(310), planned_at: expect.any(String) }], [['unannounced', 'string'], ['announced', 'string']]])
  })
})

describe('an appeal', () => {
  let employer: Files, secretariat: Files, assessor: Files, zip: Buffer, dir = ''
  const sectionsIn = (files: Files) => JSON.parse(String(files.get('case.json'))) as Record<string, Record<string, unknown>[]>
  const omitted = (files: Files) => (JSON.parse(String(files.get('manifest.json'))) as { omissions: { id: string; reason: string }[] }).omissions
  beforeAll(async () => {
    const { id, href } = await refused()
    await answer(await handled(href), 'rejected')
    zip = (await take('yamada', id)).zip
    dir = await keys()
    employer = await unpacked(zip)
    secretariat = await unpacked((await take('suzuki', id)).zip)
    assessor = await unpacked((await take('sato', id)).zip)
  }, 60_000)

  it('is in the export of the client and of the secretariat, with its answer; who handled it only in the latter’s; its salt in none', () => {
    expect([employer, secretariat].map(sectionsIn).map(({ appeals = [], appeal_decisions: answers = [], appeal_assignments: hands }) => [appeals.map(({ grounds }) => grounds), answers.map(({ outcome, reasons }) => [outcome, reasons]), hands?.map(({ person_id: who }) => who)]))
      .toEqual([[['賃金台帳の９月分を見ていない。'], [['rejected', '９月分の台帳を確かめた。']], undefined], [['賃金台帳の９月分を見ていない。'], [['rejected', '９月分の台帳を確かめた。']], [idOf('kobayashi')]]])
    expect([String(employer.get('case.json')).includes(idOf('kobayashi')), String(secretariat.get('case.json')).includes('log_salt')]).toEqual([false, false])
    expect([sectionsIn(assessor).appeals, omitted(assessor).filter(({ id }) => id === 'case.json#appeals').map(({ reason }) => reason)]).toEqual([undefined, ['withheld_from_you']])
  })

  it('each edition says what is kept apart from every case; the checker says it too, and finds no fault in it', async () => {
    for (const files of [employer, secretariat, assessor]) expect(omitted(files).filter(({ reason }) => reason === 'kept_apart').map(({ id }) => id)).toEqual(keptApart.map(name => `case.json#${name}`))
    const { code, says } = await verify([kept(zip), '--offline', dir, '--json']), { out } = await verify([kept(zip), '--offline', dir], { lang: 'ja' })
    expect([code, says('export_complete'), says('export_withheld').includes('passed:kept_apart'), out.includes('どの案件にも入れない記録')]).toEqual([0, ['passed'], true, true])
  })
})
