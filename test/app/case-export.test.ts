import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { beforeAll, describe, expect, it } from 'vitest'
import { caseFilesOn } from '../support/case-files.ts'
import { casesOn } from '../support/cases.ts'
import { exportsOn, unpacked, type Files } from '../support/export-files.ts'
import { hashed, notebookOn } from '../support/notebooks.ts'
import { verify } from '../support/kept-files.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Issue 6: a whole case leaves in one ZIP that proves itself; what is missing from it is told, and the checker fails where something is missing that should be there.
const theatre = await stage()
theatre.clock.now = new Date() // the checker has the real clock
const { as, app, anybody, idOf, runJobs, world: { database: { sql }, documents: store } } = theatre
const { awaiting, decisionOn, employerOf } = sealedFilesOn(theatre)
const { caseIn, assigned } = casesOn(theatre)
const { handIn } = caseFilesOn(theatre)
const { opened, version, sync } = notebookOn(theatre)
const { take, kept, keys } = exportsOn(theatre)

const secretWords = { interview: '寮の門限の話', note: '床が濡れていた', photo: '宿舎の部屋.jpg' }
type Omission = { id: string; path: string | null; reason: string }
const manifestIn = (files: Files) => JSON.parse(String(files.get('manifest.json'))) as { entries: { path: string; size: number; sha256: string; documentId: string | null }[]; omissions: Omission[] }
const sectionsIn = (files: Files) => JSON.parse(String(files.get('case.json'))) as Record<string, Record<string, unknown>[]>
const textOf = (files: Files) => [...files].map(([name, bytes]) => `${name}\n${bytes.toString('utf8')}`).join('\n')

let id = '', dir = '', photo = ''
beforeAll(async () => {
  id = await awaiting({ employerId: await employerOf('yamada'), before: id => sql`insert into visit_notes (id, application_id, criterion, note, written_by) values (${randomUUID()}, ${id}, 'RE-09.1', ${secretWords.note}, ${idOf('sato')})` })
  dir = await keys()
}, 60_000)

describe('an export of 500 files', () => {
  let big = '', removed = { id: '', key: '', name: '' }
  beforeAll(async () => {
    big = await awaiting({ nameJa: '大きな会社' })
    for (let nth = 0; nth < 499; nth += 1) await handIn(big, { name: `証拠${nth}.pdf` })
    removed = await handIn(big, { name: '../消えた/タイムカード.pdf' })
  }, 120_000)

  it('that is complete passes without our server and database, every file by its hash', { timeout: 60_000 }, async () => {
    const { status, zip, headers } = await take('suzuki', big), files = await unpacked(zip)
    expect([status, headers['content-type'], [...files.keys()].filter(name => name.startsWith('documents/')).length, [...files.keys()].at(-1), headers['content-length']]).toEqual([200, 'application/zip', 500, 'manifest.signed.json', undefined])
    const { code, out } = await verify([kept(zip), '--offline', dir])
    expect([code, out.match(/All (\d+) files/)?.[1], out.includes('Each of the 500 documents'), out.includes('are as they were sealed')]).toEqual([0, '503', true, true])
  })

  it('with one object removed says so, and the checker fails and names it', { timeout: 60_000 }, async () => {
    await store.delete(removed.key)
    const { status, zip } = await take('suzuki', big)
    expect([status, manifestIn(await unpacked(zip)).omissions.filter(({ reason }) => reason === 'removed_from_storage')]).toEqual([200, [{ id: removed.id, path: `documents/${removed.id}-.._消えた_タイムカード.pdf`, reason: 'removed_from_storage' }]])
    const { code, out } = await verify([kept(zip), '--offline', dir]), inJapanese = await verify([kept(zip), '--offline', dir], { lang: 'ja' })
    expect([code, out.includes(`消えた_タイムカード.pdf (document ${removed.id}) is missing: it was no longer in the issuer's storage.`), inJapanese.out.includes('発行者の保管場所からなくなっていました')]).toEqual([1, true, true])
  })

  it('with one object changed in storage does not give it out as the document', { timeout: 60_000 }, async () => {
    await store.put(removed.key, (async function* () { yield Buffer.from('another file') })(), { type: 'application/pdf' })
    const { zip } = await take('suzuki', big), files = await unpacked(zip)
    expect([manifestIn(files).omissions.filter(({ id }) => id === removed.id).map(({ reason }) => reason), textOf(files).includes('another file')]).toEqual([['hash_differs'], false])
    const { code, says } = await verify([kept(zip), '--offline', dir, '--json'])
    expect([code, says('export_complete'), says('export_entries')]).toEqual([1, ['failed:hash_differs'], ['passed']])
  })
})

describe('who gets which edition', () => {
  beforeAll(async () => {
    photo = (await handIn(id, { name: secretWords.photo, purpose: 'photo', bytes: Buffer.from('picture of a room') })).id
    await handIn(id, { name: '就業規則.pdf', bytes: Buffer.from('rules of work') })
    await handIn(id, { name: '検査中.pdf', scan: 'pending' })
    await handIn(id, { name: 'ウイルス.pdf', scan: 'infected', bytes: Buffer.from('EICAR') })
  })

  it('assessor, decision maker and operator: the whole case, what workers said only for those who evaluate and decide', async () => {
    const [sato, tanaka, suzuki] = await Promise.all((['sato', 'tanaka', 'suzuki'] as const).map(async who => unpacked((await take(who, id)).zip)))
    if (!sato || !tanaka || !suzuki) throw new Error('no export')
    const heard = (files: Files) => [textOf(files).includes(secretWords.interview), 'interviews' in sectionsIn(files), 'journal' in sectionsIn(files), files.has('dossier/seal.json'), [...files.keys()].some(name => name.includes(photo))]
    expect([heard(sato), heard(tanaka), heard(suzuki)]).toEqual([[true, true, false, true, true], [true, true, false, true, true], [false, false, true, true, true]])
    expect(manifestIn(suzuki).omissions.filter(({ id }) => id.startsWith('dossier/interviews/')).length).toBe(4)
    for (const section of ['application', 'answers', 'ratings', 'visit', 'findings', 'agreements', 'clarifications', 'decisions', 'history', 'notes']) expect(sectionsIn(sato)[section], section).toBeDefined()
    expect([sectionsIn(sato).answers?.length, sectionsIn(sato).visit?.[0]?.person_days, JSON.stringify(sectionsIn(sato).visit).includes('"effort"')]).toEqual([sectionsIn(suzuki).answers?.length, 1.5, true])
    expect(manifestIn(sato).omissions.filter(({ path }) => path?.startsWith('documents/')).map(({ reason }) => reason).sort()).toEqual(['infected', 'not_yet_scanned'])
  })

  it('the employer: nothing that no page of its own shows, and each omission by its name and reason', async () => {
    const whole = await unpacked((await take('sato', id)).zip), files = await unpacked((await take('yamada', id)).zip), told = textOf(files)
    const secrets = [secretWords.interview, secretWords.note, secretWords.photo, 'picture of a room', '聞き取り', 'EICAR', idOf('tanaka')]
    expect([secretWords.interview, secretWords.note, secretWords.photo, 'picture of a room'].map(secret => textOf(whole).includes(secret))).toEqual([true, true, true, true]) // there is something to leak
    expect(secrets.filter(secret => told.includes(secret))).toEqual([])
    expect(Object.keys(sectionsIn(files)).filter(name => ['interviews', 'draws', 'notes', 'marks', 'ratings', 'recommendations', 'signatures', 'journal', 'interests'].includes(name))).toEqual([])
    expect([told.includes('rules of work'), files.has('dossier/seal.json'), told.includes('workers_agreed'), JSON.parse(String(files.get('manifest.signed.json'))).dossier]).toEqual([true, false, false, null])
    const left = manifestIn(files).omissions
    expect([left.find(({ id }) => id === photo), left.filter(({ id }) => id === 'case.json#interviews').length, left.some(({ id }) => id.startsWith('dossier/'))]).toEqual([{ id: photo, path: null, reason: 'withheld_from_you' }, 1, false])
    const { code, says } = await verify([kept((await take('yamada', id)).zip), '--offline', dir, '--json'])
    expect([code, says('export_complete'), says('export_withheld').includes('passed:withheld_from_you')]).toEqual([0, ['passed'], true]) // told, and no fault
  })

  it('the field notebook to those who hear: every version so that its hash can be reckoned again, where it went, its files; to others it is told as withheld', async () => {
    const field = await caseIn('visit_planned', 'outsider')
    await assigned(field, 'sato')
    const phone = await opened('sato', field), sent = [version(phone, { content: { text: '門の前で話を聞いた' } }), version(phone, { kind: 'interview', content: { code: 'A-01', notes: '給料が遅い' } }), version(phone, { kind: 'photo', content: { text: '' }, files: [{ part: 'original', sha256: 'e'.repeat(64), size: 5, type: 'image/jpeg' }] })]
    await sync(phone, sent)
    await sql`insert into notebook_files (application_id, sha256, refused, device) values (${field}, ${'e'.repeat(64)}, 'file_truncated', ${phone.device})`
    const [sato, suzuki, employer] = await Promise.all((['sato', 'suzuki', 'outsider'] as const).map(async who => unpacked((await take(who, field)).zip)))
    if (!sato || !suzuki || !employer) throw new Error('no export')
    const { notebook_versions: versions = [], notebook_landings: landings = [], notebook_files: files = [] } = sectionsIn(sato)
    expect(versions.map(({ item, application_id, kind, criterion, place, content, files, device, device_at, over, previous, struck }) => hashed({ item, applicationId: application_id, kind, criterion, place, content, files, device, deviceAt: device_at, over, previous, struck } as never).hash)).toEqual(sent.map(({ hash }) => hash))
    expect(landings.map(({ hash, landed }) => [hash, landed])).toEqual(expect.arrayContaining([[sent[0]?.hash, 'note'], [sent[1]?.hash, 'unfit']]))
    expect(files.map(({ sha256, refused }) => [sha256, refused])).toEqual([['e'.repeat(64), 'file_truncated']])
    for (const other of [suzuki, employer]) {
      expect(manifestIn(other).omissions.filter(({ id }) => id.startsWith('case.json#notebook_'))).toEqual(['versions', 'landings', 'files', 'takeouts'].map(name => ({ id: `case.json#notebook_${name}`, path: null, reason: 'withheld_from_you' })))
      expect(textOf(other)).not.toContain('給料が遅い')
    }
    await sql`update applications set stage = 'withdrawn' where id = ${field}` // an employer has one open application
  })

  it('of a visit without notice the employer learns nothing, not even by an omission', async () => {
    const secret = await caseIn('desk_review', 'outsider')
    await assigned(secret, 'sato')
    const before = await unpacked((await take('outsider', secret)).zip)
    await sql`insert into visits (id, application_id, starts_on, ends_on, site_ids, person_days, interviews_planned, calculation, planned_by, announced) values (${randomUUID()}, ${secret}, '2031-01-17', '2031-01-18', array[${randomUUID()}::uuid], 1.5, 4, (select calculation from visits limit 1), ${idOf('sato')}, false)`
    const after = await unpacked((await take('outsider', secret)).zip)
    expect([after.get('case.json')?.equals(before.get('case.json') ?? Buffer.of()), manifestIn(after).omissions]).toEqual([true, manifestIn(before).omissions])
    expect(textOf(await unpacked((await take('sato', secret)).zip))).toContain('2031-01-17')
  })

  it('nobody else: no other employer, no assessor of other cases, nobody tied, nobody unknown', async () => {
    expect(await Promise.all((['outsider', 'lee', 'minato', 'ito'] as const).map(async who => (await take(who, id)).status))).toEqual([404, 404, 403, 403])
    expect((await anybody.get(`/applications/${id}/export.zip`)).status).toBe(401)
    const [{ number } = { number: '' }] = await sql<{ number: string }[]>`select e.corporate_number as number from employers e join applications a on a.employer_id = e.id where a.id = ${id}`
    await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by) values (${randomUUID()}, ${idOf('kobayashi')}, ${number}, 'family_tie', '兄', ${idOf('suzuki')})`
    expect((await take('kobayashi', id)).status).toBe(404)
  })

  it('each is on record, with whose edition it was', async () => {
    await take('tanaka', id)
    const [last] = await sql`select actor_id, actor_role, after from journal where operation = 'case_exports.download' and application_id = ${id} order by id desc limit 1`
    expect(last).toEqual({ actor_id: idOf('tanaka'), actor_role: 'decision_maker', after: { edition: 'decision_maker', files: expect.any(Number) } })
  })

  it('after the decision the employer gets its ratings without notes, the hash of the dossier, and the certificate', async () => {
    const { body: { certificateNumber: number } } = await as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id))
    await runJobs()
    const files = await unpacked((await take('yamada', id)).zip), { ratings = [] } = sectionsIn(files)
    expect([Object.keys(ratings[0] ?? {}).sort(), JSON.parse(String(files.get('manifest.signed.json'))).dossier.sha256.length]).toEqual([['criterion', 'rated_at', 'rating'], 64])
    expect([...files.keys()].filter(name => name.startsWith('certificates/'))).toEqual([`certificates/${number}-edition-1-B-T.pdf`, `certificates/${number}-edition-1-B-T.vc.jwt`])
    expect((await verify([kept((await take('yamada', id)).zip), '--offline', dir])).code).toBe(0)
  })
})

describe('the page', () => {
  it.each([['ja', '案件の書き出し', '聞き取り', '確かめ方'], ['en', 'The whole case', 'Interviews', 'How to check it']])('says in %s what is in it, what is not, and how to check it; the case leads to it', async (lang, title, lacking, check) => {
    const { text, status } = await as('yamada').page(`/applications/${id}/export`, lang)
    expect([status, [title, lacking, check, `href="/applications/${id}/export.zip"`, 'npm run verify'].filter(words => !text.includes(words))]).toEqual([200, []])
    for (const who of ['yamada', 'suzuki', 'sato', 'tanaka'] as const) expect((await as(who).page(`/applications/${id}`, lang)).text, who).toContain(`/applications/${id}/export"`)
  })
})

describe('a store that fails in the middle', () => {
  it('ends the download: half a ZIP never looks whole', async () => {
    const get = store.get
    let read = 0
    store.get = async (...args) => {
      read += 1
      if (read > 1) throw new Error('the disk is gone')
      return get(...args)
    }
    try {
      await expect(app.inject({ method: 'GET', url: `/applications/${id}/export.zip`, headers: { host: 'akashi.test', cookie: theatre.cookieOf('sato') } }).then(({ rawPayload }) => unpacked(rawPayload))).rejects.toThrow()
    } finally {
      store.get = get
    }
  })
})

describe('a reader who goes away in the middle', () => {
  it('leaves no document open', { timeout: 30_000 }, async () => {
    await handIn(id, { name: '大きな記録.pdf', bytes: Buffer.alloc(40_000_000, 'x') })
    const url = await app.listen({ port: 0, host: '127.0.0.1' }), get = store.get, opened: Readable[] = []
    store.get = async (...args) => {
      const stream = await get(...args)
      opened.push(stream)
      return stream
    }
    try {
      const away = new AbortController(), { body } = await fetch(`${url}/applications/${id}/export.zip`, { headers: { cookie: theatre.cookieOf('sato') }, signal: away.signal })
      await expect((async () => {
        let read = 0
        for await (const chunk of body ?? []) {
          read += chunk.length
          if (read > 5_000_000) away.abort()
        }
      })()).rejects.toThrow()
      for (const end = Date.now() + 5_000; opened.some(stream => !stream.destroyed) && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 20))
      expect([opened.length > 1, opened.filter(stream => !stream.destroyed).length]).toEqual([true, 0])
    } finally {
      store.get = get
    }
  })
})
