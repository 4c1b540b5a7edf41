import { describe, expect, it } from 'vitest'
import { benchOn } from '../support/bench.ts'
import { caseFilesOn } from '../support/case-files.ts'
import { casesOn } from '../support/cases.ts'
import { stage } from '../support/world.ts'

// What the database promises about consent to photos, whatever the application does: each promise is attacked.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre), { assigned } = casesOn(theatre), { handIn } = caseFilesOn(theatre)
const went = 'went through'
// Rolled back when it goes through.
const attempt = (...statements: string[]) => sql.begin(async tx => {
  for (const statement of statements) await tx.unsafe(statement)
  throw new Error(went)
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

const other = await caseAt('visit_planned'), id = await caseAt('visit_planned')
await assigned(id, 'lee')
const photo = await handIn(id, { purpose: 'photo', name: '部屋.jpg' }), evidence = await handIn(id), elsewhere = await handIn(other, { purpose: 'photo' })
const say = ({ of = photo.id, consent = 'agreed', by = 'sato' as 'sato' | 'tanaka' | 'yamada' } = {}) => `insert into photo_consents (document_id, application_id, consent, said_by, said_at) values ('${of}', '${id}', '${consent}', '${idOf(by)}', '2026-11-24T01:00:00Z')`
const removed = `update assignments set ended_at = now() where application_id = '${id}' and person_id = '${idOf('sato')}'`
const correcting = `update applications set stage = 'correcting' where id = '${id}'`, closed = `update applications set stage = 'awaiting_decision' where id = '${id}'`

describe('consent to a photo', () => {
  it.each([
    ['is said by the team', [say()], went],
    ['is said while corrections are looked at', [correcting, say({ consent: 'nobody' })], went],
    ['is said once', [say(), say({ consent: 'nobody' })], 'photo_consents_pkey'],
    ['is one of two', [say({ consent: 'none' })], 'photo_consent_is_known'],
    ['is of a photo, not of evidence', [say({ of: evidence.id })], 'photo_consent_is_of_a_photo_of_its_case'],
    ['is of a photo of this case', [say({ of: elsewhere.id })], 'photo_consent_is_of_a_photo_of_its_case'],
    ['is not said by the employer', [say({ by: 'yamada' })], 'photo_consent_is_said_by_the_team'],
    ['is not said by who decides', [say({ by: 'tanaka' })], 'photo_consent_is_said_by_the_team'],
    ['is not said by who left the team', [removed, say()], 'photo_consent_is_said_by_the_team'],
    ['is not said once the file is sealed', [correcting, closed, say()], 'photo_consent_is_said_while_notes_are_written'],
    ['is never changed', [say(), `update photo_consents set consent = 'nobody'`], 'photo_consents_is_append_only'],
    ['is never removed', [say(), 'delete from photo_consents'], 'photo_consents_is_append_only'],
    ['is never emptied out', ['truncate photo_consents'], 'photo_consents_is_append_only'],
  ])('%s', async (_, statements, promise) => expect(await attempt(...statements)).toBe(promise))

  it('is sealed as a part of its own; a file without any has the parts that it had', async () => {
    const partsAfter = (...statements: string[]) => sql.begin(async tx => {
      for (const statement of [...statements, correcting, closed]) await tx.unsafe(statement)
      const [row] = await tx`select parts from dossiers where application_id = ${id}`, differences = await tx`select * from dossier_differences(${id})`
      throw Object.assign(new Error('seen'), { seen: [Object.keys(row?.parts).filter(name => name.startsWith('consents/')), differences.length] })
    }).catch((error: Error & { seen?: unknown }) => error.seen ?? error.message)
    expect([await partsAfter(say()), await partsAfter()]).toEqual([[[`consents/${photo.id}`], 0], [[], 0]])
  })
})
