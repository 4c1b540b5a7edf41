import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { casesOn } from '../support/cases.ts'
import { jpeg } from '../support/evidence-files.ts'
import { notebookOn, sha256Of, wireOn } from '../support/notebooks.ts'
import { stage } from '../support/world.ts'

// What the database promises about the field notebook, whatever the application does: each promise is attacked.
const theatre = await stage()
const { as, idOf, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre), { assigned } = casesOn(theatre)
const { opened, version, sync } = notebookOn(theatre)
const { put } = await wireOn(theatre)
const went = 'went through'
// Rolled back when it goes through.
const attempt = (...statements: string[]) => sql.begin(async tx => {
  for (const statement of statements) await tx.unsafe(statement)
  throw new Error(went)
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

const id = await caseAt('visit_planned'), phone = await opened('sato', id), sha256 = sha256Of(jpeg)
const wanted = 'c'.repeat(64)
const note = version(phone), photo = version(phone, { kind: 'photo', content: { text: '' }, files: [{ part: 'original', sha256, size: jpeg.length, type: 'image/jpeg' }] })
const waiting = version(phone, { kind: 'photo', content: { text: '' }, files: [{ part: 'original', sha256: wanted, size: 9, type: 'image/jpeg' }] })
await sync(phone, [note, photo, waiting])
await put(phone, sha256, jpeg)
const [documentOf] = await sql`select document_id as id from notebook_files where sha256 = ${sha256}`
const device = `'${phone.device}'`
const add = (change: Record<string, string> = {}) => {
  const row = { application_id: `'${id}'`, hash: `repeat('d', 64)`, item: `'${randomUUID()}'`, kind: `'note'`, criterion: `'RE-06.1'`, place: `''`, content: `'{}'`, files: `'[]'`, device, device_at: `'2026-11-24T01:00:00Z'`, over: `'{}'`, previous: `''`, struck: 'false', arrived: `'merged'`, written_by: `'${idOf('sato')}'`, server_at: `'2026-11-24T01:00:00Z'`, ...change }
  return `insert into notebook_versions (${Object.keys(row).map(name => `"${name}"`).join(', ')}) values (${Object.values(row).join(', ')})`
}
const removed = `update assignments set ended_at = now() where application_id = '${id}' and person_id = '${idOf('sato')}'`
const closed = `update applications set stage = 'correcting' where id = '${id}'; update applications set stage = 'awaiting_decision' where id = '${id}'`
const wiped = `update notebook_devices set key = null, wipe_ordered_at = now(), wipe_ordered_by = '${idOf('sato')}' where device = ${device}`
const takeOut = (who: 'sato' | 'lee', which = device) => `insert into notebook_takeouts (device, application_id, taken_by, taken_at) values (${which}, '${id}', '${idOf(who)}', '2026-11-24')`
const newDevice = (who: 'sato' | 'lee') => { const given = randomUUID(); return { given: `'${given}'`, made: `insert into notebook_devices (device, person_id, name, key) values ('${given}', '${idOf(who)}', 'x', decode(repeat('00', 32), 'hex'))` } }
const lees = newDevice('lee'), satos = newDevice('sato')
const file = (of: string, document: string | null, named = device) => `insert into notebook_files (application_id, sha256, document_id, refused, device) values ('${id}', '${of}', ${document ? `'${document}'` : 'null'}, ${document ? 'null' : `'file_empty'`}, ${named})`
const landing = (of: string, change = `'unfit', null, null`) => `insert into notebook_landings (application_id, hash, landed, note_id, interview_id) values ('${id}', '${of}', ${change})`

describe('a device', () => {
  it.each([
    ['that is to be wiped has no key', [`update notebook_devices set wipe_ordered_at = now(), wipe_ordered_by = '${idOf('sato')}' where device = ${device}`], 'wiped_device_has_no_key'],
    ['without a key is one that is to be wiped', [`update notebook_devices set key = null where device = ${device}`], 'wiped_device_has_no_key'],
    ['gets no other key', [`update notebook_devices set key = decode(repeat('00', 32), 'hex') where device = ${device}`], 'notebook_key_is_given_once'],
    ['gets no key back', [wiped, `update notebook_devices set key = decode(repeat('00', 32), 'hex'), wipe_ordered_at = null, wipe_ordered_by = null where device = ${device}`], 'notebook_key_is_given_once'],
    ['keeps the order to wipe', [wiped, `update notebook_devices set wipe_ordered_at = wipe_ordered_at - interval '1 day' where device = ${device}`], 'wipe_is_not_taken_back'],
    ['is not wiped without an order', [`update notebook_devices set wiped_at = now() where device = ${device}`], 'wipe_is_ordered_before_it_is_done'],
    ['is not wiped by a colleague', [wiped.replace(idOf('sato'), idOf('lee'))], 'device_is_wiped_by_its_owner_or_an_operator'],
    ['is wiped by the secretariat', [wiped.replace(idOf('sato'), idOf('suzuki'))], went],
    ['does not change hands', [`update notebook_devices set person_id = '${idOf('lee')}' where device = ${device}`], 'notebook_device_stays_its_owners'],
    ['is not forgotten', [`delete from notebook_devices where device = ${satos.given}`, satos.made, `delete from notebook_devices where device = ${satos.given}`], 'notebook_device_stays_its_owners'],
    ['has a key of 32 bytes', [satos.made.replace('32', '31')], 'notebook_key_is_32_bytes'],
  ])('%s', async (_, statements, promise) => expect(await attempt(...statements)).toBe(promise))
})

describe('an audit', () => {
  it.each([
    ['goes out once on one device', [takeOut('sato')], 'notebook_takeouts_device_application_id_pk'],
    ['goes out on another device of its assessor', [satos.made, takeOut('sato', satos.given)], went],
    ['does not go out on a colleague’s device', [lees.made, takeOut('sato', lees.given)], 'audit_goes_on_an_own_device'],
    ['does not go out with who is not of the team', [lees.made, takeOut('lee', lees.given)], 'audit_is_taken_out_by_its_assessor'],
    ['does not go out with who left', [satos.made, removed, takeOut('sato', satos.given)], 'audit_is_taken_out_by_its_assessor'],
    ['does not go out once it is closed', [satos.made, closed, takeOut('sato', satos.given)], 'audit_is_taken_out_by_its_assessor'],
    ['is remembered as taken out', [`delete from notebook_takeouts`], 'notebook_takeouts_is_append_only'],
  ])('%s', async (_, statements, promise) => expect(await attempt(...statements)).toBe(promise))
})

describe('a version', () => {
  it.each([
    ['is added by the team', [add()], went],
    ['is there once', [add({ hash: `'${note.hash}'` })], 'notebook_versions_application_id_hash_pk'],
    ['comes from a device that took the audit out', [satos.made, add({ device: satos.given })], 'version_comes_from_a_device_that_took_the_audit_out'],
    ['is by the owner of its device', [add({ written_by: `'${idOf('lee')}'` })], 'version_is_by_the_owner_of_its_device'],
    ['is not taken from a device that is to be wiped', [wiped, add()], 'version_is_by_the_owner_of_its_device'],
    ['by who left the team is not merged', [removed, add()], 'merged_version_is_by_the_team'],
    ['by who left the team is kept as late', [removed, add({ arrived: `'late'` })], went],
    ['after the visit is not merged', [closed, add()], 'version_after_the_visit_is_late'],
    ['after the visit is kept as late', [closed, add({ arrived: `'late'` })], went],
    ['has a hash', [add({ hash: `'x'` })], 'version_hash_is_sha256'],
    ['is of a kind', [add({ kind: `'poem'` })], 'version_kind_is_known'],
    ['is never changed', [`update notebook_versions set content = '{}'`], 'notebook_versions_is_append_only'],
    ['is never made late or merged afterwards', [`update notebook_versions set arrived = 'late'`], 'notebook_versions_is_append_only'],
    ['is never removed', ['delete from notebook_versions'], 'notebook_versions_is_append_only'],
    ['is never emptied out', ['truncate notebook_versions cascade'], expect.stringMatching(/_is_append_only$/)],
  ])('%s', async (_, statements, promise) => expect(await attempt(...statements)).toEqual(promise))

  it('is numbered by Postgres, whatever number it brings', async () => {
    const [{ most } = { most: 0 }] = await sql`select max(number)::int as most from notebook_versions`
    const number = await sql.begin(async tx => {
      await tx.unsafe(add({ number: '1' }))
      const [row] = await tx`select number::int as number from notebook_versions where hash = repeat('d', 64)`
      throw Object.assign(new Error('seen'), { number: row?.number })
    }).catch((error: Error & { number?: number }) => error.number ?? 0)
    expect(number).toBeGreaterThan(Number(most))
  })

  it('makes its writer one who took part', async () => {
    expect((await sql`select parts_taken(${id}, ${idOf('sato')}) as parts`)[0]?.parts).toContain('auditor')
  })
})

describe('a file', () => {
  it.each([
    ['is named by a version of this device', [file('e'.repeat(64), null)], 'file_is_named_by_a_version'],
    ['of another device is not', [satos.made, takeOut('sato', satos.given), file(wanted, null, satos.given)], 'file_is_named_by_a_version'],
    ['is the one that was named', [file(wanted, documentOf?.id)], 'file_is_the_one_that_was_named'],
    ['is not taken from a device that is to be wiped', [wiped, file(wanted, documentOf?.id)], 'file_is_of_a_device_that_is_not_wiped'],
    ['is there once', [file(sha256, documentOf?.id)], 'notebook_files_application_id_sha256_pk'],
    ['may be refused', [file(wanted, null)], went],
    ['is kept or refused, not both', [file(wanted, documentOf?.id).replace('null, ', `'file_empty', `)], expect.stringMatching(/^file_is/)],
    ['is never exchanged', [`update notebook_files set document_id = null, refused = 'x'`], 'notebook_files_is_append_only'],
  ])('%s', async (_, statements, promise) => expect(await attempt(...statements)).toEqual(promise))
})

describe('a landing', () => {
  it.each([
    ['happens once', [landing(note.hash)], 'notebook_landings_application_id_hash_pk'],
    ['is of a version that is there', [landing('f'.repeat(64))], 'landing_is_of_a_version'],
    ['is not of what came late', [closed, add({ arrived: `'late'` }), landing('d'.repeat(64))], 'late_version_does_not_land'],
    ['says where', [landing(waiting.hash, `'note', null, null`)], 'landing_says_where'],
    ['takes no note twice', [landing(waiting.hash, `'note', (select note_id from notebook_landings where hash = '${note.hash}'), null`)], 'note_landed_once'],
    ['is never undone', ['delete from notebook_landings'], 'notebook_landings_is_append_only'],
  ])('%s', async (_, statements, promise) => expect(await attempt(...statements)).toBe(promise))
})

describe('the dossier', () => {
  it('seals what came home, and calls what comes later added', async () => {
    await assigned(id, 'lee')
    const parts = await sql.begin(async tx => {
      await tx.unsafe(closed)
      const [row] = await tx`select parts from dossiers where application_id = ${id}`
      await tx.unsafe(add({ arrived: `'late'` }))
      const since = await tx`select * from dossier_differences(${id})`
      throw Object.assign(new Error('seen'), { seen: [Object.keys(row?.parts).filter(name => /^(notebook|landings)/.test(name)).length, [...since]] })
    }).catch((error: Error & { seen?: unknown }) => error.seen ?? error.message)
    expect(parts).toEqual([6, [{ part: `notebook/${'d'.repeat(64)}`, change: 'added' }]])
    expect((await as('sato').get(`/applications/${id}/visit/notebook`)).status).toBe(200)
  })
})
