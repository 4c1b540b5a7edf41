import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { asIfEarlier } from '../support/as-if.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// C17, what the database promises about renewals and what they carry over: each promise is attacked by plain SQL.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { issued, awaiting, employerOf } = sealedFilesOn(theatre)
const { number, id: application } = await issued({ employerId: await employerOf('yamada') }), foreign = await awaiting()
const certificate = String((await sql`select id from certificates where number = ${number}`)[0]?.id), [document, infected, renewal] = [1, 2, 3].map(() => String(randomUUID())) as [string, string, string]
const [{ employer } = { employer: '' }] = await sql`select employer_id as employer from applications where id = ${application}`
await asIfEarlier(sql, 'document_criteria', async () => {
  for (const [id, scan] of [[document, 'clean'], [infected, 'infected']] as const) await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, scan, uploaded_by, uploaded_at) values (${id}, ${employer}, ${application}, 'evidence', ${id}, 'a.pdf', 3, ${'a'.repeat(64)}, 'application/pdf', ${scan}, ${idOf('yamada')}, '2026-11-10')`
})
const open = ({ renews = certificate, of = `'${employer}'` } = {}) => `insert into applications (id, employer_id, standard_id, cycle, opened_by, renews) values ('${renewal}', ${of}, 're-0.1.0', 2, '${idOf('yamada')}', '${renews}')`
const carry = ({ from = document, key = document, sha = 'a', at = '2026-11-10', name = 'a.pdf', scan = 'clean', into = renewal } = {}) =>
  `insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, scan, uploaded_by, uploaded_at, carried_from) values ('${randomUUID()}', '${employer}', '${into}', 'evidence', '${key}', '${name}', 3, '${sha.repeat(64)}', 'application/pdf', '${scan}', '${idOf('yamada')}', '${at}', '${from}')`
const went = 'went through'
const attempt = (...statements: string[]) => sql.begin(async tx => {
  for (const statement of statements) await tx.unsafe(statement)
  throw Object.assign(new Error(went), { constraint_name: went })
}).catch((error: { constraint_name?: string; message: string }) => error.constraint_name || error.message)

describe('a renewal', () => {
  it.each<[string, string[], string]>([
    ['carries a document over', [open(), carry()], went],
    ['of a certificate that does not exist', [open({ renews: randomUUID() })], 'renewal_is_of_own_certificate'],
    ['of somebody else’s certificate', [open({ of: `(select employer_id from applications where id = '${foreign}')` })], 'renewal_is_of_own_certificate'],
    ['that is one only afterwards', [open(), `update applications set renews = null where id = '${renewal}'`], 'renewal_is_of_own_certificate'],
    ['with other bytes', [open(), carry({ sha: 'b' })], 'carried_document_is_the_same'],
    ['from another place', [open(), carry({ key: randomUUID() })], 'carried_document_is_the_same'],
    ['under another name', [open(), carry({ name: 'b.pdf' })], 'carried_document_is_the_same'],
    ['made younger than it is', [open(), carry({ at: '2029-05-01' })], 'carried_document_is_the_same'],
    ['of what was found infected', [open(), carry({ from: infected, key: infected, scan: 'infected' })], 'carried_document_is_the_same'],
    ['into a case that renews nothing', [carry({ into: application })], 'carried_document_is_the_same'],
    ['by a key used again without saying so', [open(), carry().replace(`'${document}')`, 'null)')], 'document_key_is_never_reused'],
  ])('%s', async (_, statements, expected) => expect(await attempt(...statements)).toContain(expected))
})
