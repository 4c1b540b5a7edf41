import { randomUUID } from 'node:crypto'
import { asIfEarlier } from './as-if.ts'
import { casesOn } from './cases.ts'
import type { stage as setStage } from './world.ts'

/** Cases on the assessors' bench, and evidence on them. */
export function atTheBench(theatre: Awaited<ReturnType<typeof setStage>>) {
  const { idOf, world: { database: { sql } } } = theatre
  const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
  const at = (id: string, criterion = '') => `/applications/${id}/assessment${criterion && `/${criterion}`}`

  async function onBench(stageName: Parameters<typeof caseIn>[0] = 'desk_review', ...assessors: ('sato' | 'lee')[]) {
    const id = await caseIn(stageName, 'yamada', await anotherEmployer('見本製作所'))
    for (const who of assessors.length > 0 ? assessors : ['sato' as const]) await assigned(id, who)
    return id
  }
  const ratingsOf = async (id: string) => (await sql`select criterion, rating, note, version from ratings where application_id = ${id} order by criterion`).map(row => [row.criterion, row.rating, row.note, row.version])

  /** A document on a criterion, as evidence leaves it. */
  async function attach(id: string, criterion: string, name: string, type: string, scan = 'clean') {
    const document = randomUUID()
    await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, scan, uploaded_by)
      select ${document}, employer_id, id, 'evidence', ${document}, ${name}, 2048, ${'a'.repeat(64)}, ${type}, ${scan}, ${idOf('yamada')} from applications where id = ${id}`
    await asIfEarlier(sql, 'document_criteria', () => sql`insert into document_criteria (document_id, application_id, criterion, attached_by) values (${document}, ${id}, ${criterion}, ${idOf('yamada')})`)
    return document
  }

  return { onBench, attach, ratingsOf, at }
}
