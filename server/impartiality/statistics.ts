import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Impartiality } from '../../schema/impartiality-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { stages } from '../domain/lifecycle.ts'
import { untied } from '../ties/untied.ts'

type Page = z.infer<typeof Impartiality>
type TiedTo = readonly string[]
const theirs = (tiedTo: TiedTo) => untied(sql`a.employer_id`, tiedTo)

export async function byStage(db: Db, tiedTo: TiedTo): Promise<Page['stages']> {
  const rows = [...await db.execute<Page['stages'][number]>(sql`select a.stage, count(*)::int from applications a where a.stage <> 'draft' and ${theirs(tiedTo)} group by a.stage`)]
  return stages.flatMap(stage => rows.filter(row => row.stage === stage))
}

/** Side by side: how many cases, how strict, how often a tie. Who differs much from the others is a question, not a verdict. */
export const byAssessor = async (db: Db, tiedTo: TiedTo): Promise<Page['assessors']> => [...await db.execute<Page['assessors'][number]>(sql`
  with cases as (select distinct s.person_id, a.id from assignments s join applications a on a.id = s.application_id where s.part = 'assessor' and ${theirs(tiedTo)}),
    raised as (select f.raised_by, f.grade from findings f join applications a on a.id = f.application_id where ${theirs(tiedTo)} and not exists (select from findings n where n.supersedes = f.id)),
    tied as (select d.person_id from interest_declarations d join applications a on a.id = d.application_id where (d.employed or d.paid or d.advised or d.trained or d.family_tie or d.financial_tie) and ${theirs(tiedTo)})
  select p.name, (select count(*)::int from cases where person_id = p.id) as cases, (select count(*)::int from tied where person_id = p.id) as ties,
    count(r.grade) filter (where r.grade = 'minor')::int as minor, count(r.grade) filter (where r.grade = 'major')::int as major, count(r.grade) filter (where r.grade = 'zero_tolerance')::int as "zeroTolerance"
  from people p left join raised r on r.raised_by = p.id where 'assessor' = any(p.staff_roles) or p.id in (select person_id from cases) group by p.id, p.name order by p.name, p.id limit 200`)]

export const byDecider = async (db: Db, tiedTo: TiedTo): Promise<Page['deciders']> => [...await db.execute<Page['deciders'][number]>(sql`
  select p.name, count(*) filter (where d.outcome = 'certify')::int as certified, count(*) filter (where d.outcome = 'refuse')::int as refused
  from decisions d join applications a on a.id = d.application_id join people p on p.id = d.decided_by where ${theirs(tiedTo)} group by p.id, p.name order by p.name, p.id limit 200`)]

export async function objectionsCounted(db: Db, tiedTo: TiedTo): Promise<Page['objections']> {
  const [row] = await db.execute<Page['objections']>(sql`
    select count(*)::int as raised, count(*) filter (where n.upheld)::int as upheld, count(*) filter (where not n.upheld)::int as dismissed, count(*) filter (where n.id is null)::int as open
    from objections o join applications a on a.id = o.application_id left join objection_answers n on n.objection_id = o.id where ${theirs(tiedTo)}`)
  if (!row) throw new Error('the count came back empty')
  return row
}
