import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import type { Grade } from '../domain/grading.ts'

/** An earlier finding of this employer on the same criterion that was closed, in this cycle or the one before: the new one repeats it. */
export async function repeatOf(db: Db, { id, employerId, cycle }: Pick<Case, 'id' | 'employerId' | 'cycle'>, { criterion, grade }: { criterion: string; grade: Grade }): Promise<string | null> {
  if (!['zero_tolerance', 'major', 'minor'].includes(grade)) return null
  const [row] = await db.execute<{ id: string }>(sql`
    select f.id from findings f join applications a on a.id = f.application_id
    where a.employer_id = ${employerId} and (a.id = ${id} or a.cycle between ${cycle - 1} and ${cycle}) and f.criterion = ${criterion} and f.grade in ('zero_tolerance', 'major', 'minor')
      and not exists (select from findings newer where newer.supersedes = f.id) and (last_review_of(f.id)).outcome in ('verified', 'effective') order by f.raised_at desc, f.id desc limit 1`)
  return row?.id ?? null
}
