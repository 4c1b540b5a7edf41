import { sql } from 'drizzle-orm'
import { asOfOneMoment, type Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { historyOf } from '../applications/history.ts'
import { keptApart, mayTake, mayTakeRow, readersOf, sectionNames, type CaseSection } from '../domain/case-edition.ts'
import type { CaseRole } from '../domain/roles.ts'
import { isKnownTo } from '../domain/visit-plan.ts'
import type { CaseExport, DossierRow, Edition, Omission } from '../proof/case-export.ts'
import { visitOf } from '../visits/queries.ts'
import { filesOf, type CertificateFile, type StoredDocument } from './files.ts'
import { reads, staffColumns, type Wanted } from './sections.ts'

/** Everything of a case that Postgres holds, as it was at one moment. Files come later, one by one. */
export type Gathered = {
  edition: Edition; case: string; seal: string | null; rows: DossierRow[]; withheld: Omission[]; dossier: CaseExport['dossier']
  certificates: CertificateFile[]; documents: StoredDocument[]
}

export const gather = (db: Db, theCase: Case): Promise<Gathered> => asOfOneMoment(db, async tx => {
  await tx.execute(sql`set local timezone = 'UTC'`)
  const readers = readersOf(theCase), employer = readers.includes('applicant')
  const visit = await visitOf(tx, theCase.id)
  const decided = (await tx.execute(sql`select 1 from decisions where application_id = ${theCase.id} limit 1`)).length > 0
  const wanted: Wanted = { id: theCase.id, employer, visitKnown: !visit || isKnownTo(visit, theCase) }
  const taken = sectionNames.filter(name => mayTake(name, readers, { decided }))
  const sections: string[] = []
  for (const name of taken) sections.push(`${JSON.stringify(name)}: ${await sectionOf(tx, name, wanted)}`)
  const withheld = sectionNames.filter(name => !taken.includes(name)).map((name): Omission => ({ id: `case.json#${name}`, path: null, reason: 'withheld_from_you' }))
  const apart = keptApart.map((name): Omission => ({ id: `case.json#${name}`, path: null, reason: 'kept_apart' }))
  const dossier = await dossierOf(tx, theCase.id, readers, decided), files = await filesOf(tx, theCase.id, { employer, visitKnown: wanted.visitKnown })
  return {
    edition: editionOf(readers), case: `{\n"type": "akashi-case",\n"version": 1,\n${sections.join(',\n')}\n}\n`,
    ...dossier, ...files, withheld: [...withheld, ...apart, ...dossier.withheld, ...files.withheld],
  }
})

// The widest of several: who assesses and operates hears what assessors hear.
const editionOf = (readers: readonly CaseRole[]): Edition => (['decision_maker', 'assessor', 'operator'] as const).find(role => readers.includes(role)) ?? 'employer'

async function sectionOf(tx: Db, name: CaseSection, wanted: Wanted): Promise<string> {
  if (name === 'history') return JSON.stringify(await historyOf(tx, wanted.id))
  const hidden = wanted.employer && name !== 'answers' ? staffColumns : []
  const rows = await tx.execute<{ row: string }>(sql`select (to_jsonb(x) - string_to_array(${hidden.join(',')}, ','))::text as row from (${reads[name](wanted)}) x`)
  return `[${rows.map(({ row }) => `\n${row}`).join(',')}]`
}

type Dossier = Pick<Gathered, 'seal' | 'rows' | 'withheld' | 'dossier'>

/** The dossier as it was hashed: the seal, and the text of each row. The employer learns its hash with the decision. */
async function dossierOf(tx: Db, id: string, readers: readonly CaseRole[], decided: boolean): Promise<Dossier> {
  const [sealed] = await tx.execute<{ seal: string; sha256: string; logSeq: number; sealedAt: string }>(sql`
    select canonical_json(parts) as seal, sha256, log_seq::int as "logSeq", to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "sealedAt" from dossiers where application_id = ${id}`)
  const employer = readers.includes('applicant')
  if (!sealed || (employer && !decided)) return { seal: null, rows: [], withheld: [], dossier: null }
  const { seal, ...dossier } = sealed
  if (employer) return { seal: null, rows: [], dossier, withheld: ['dossier/seal.json', 'dossier/rows.ndjson'].map(path => ({ id: path, path, reason: 'withheld_from_you' })) }
  const all = await tx.execute<DossierRow>(sql`select r.part, r.content::text as content from dossier_rows(${id}) r where exists (select from dossiers d where d.application_id = ${id} and d.parts ? r.part) order by r.part collate "C"`)
  const rows = all.filter(({ part }) => mayTakeRow(part, readers))
  return { seal, rows, dossier, withheld: all.filter(row => !rows.includes(row)).map(({ part }) => ({ id: `dossier/${part}`, path: null, reason: 'withheld_from_you' })) }
}
