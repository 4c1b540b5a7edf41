import { desc, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { applications } from '../../schema/applications.ts'
import { secondDraws, secondScorings } from '../../schema/second-scorings.ts'
import type { Calibration } from '../../schema/second-scoring-forms.ts'
import type { Db } from '../adapters/database.ts'
import { agreementOf, type Pair } from '../domain/agreement.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardInForce } from '../standard/queries.ts'
import { share_percent, undrawn } from './draw.ts'

type Compared = { criterion: string; first: string; second: string; firstBy: string; secondBy: string; firstId: string; secondId: string }

/** C28: how far assessors agree, by criterion and by person. No company is named: it is about how the work is done. */
export async function calibration(db: Db, { today }: Viewer): Promise<z.infer<typeof Calibration>> {
  const all = [...await db.execute<Compared>(compared)]
  const { criteria } = (await standardInForce(db, today)).content
  const [counted] = await db.select({ open: sql<number>`count(*) filter (where finished_at is null)::int`, finished: sql<number>`count(finished_at)::int` }).from(secondScorings)
  const draws = await db.select({ id: secondDraws.id, seed: secondDraws.seed, pool: sql<number>`cardinality(${secondDraws.pool})`, at: secondDraws.drawnAt,
    drawn: sql<number>`(select count(*)::int from second_scorings s where s.draw_id = second_draws.id)` }).from(secondDraws).orderBy(desc(secondDraws.drawnAt)).limit(50)
  const people = new Map(all.flatMap(({ firstBy, secondBy, firstId, secondId }) => [[firstId, firstBy], [secondId, secondBy]] as const))
  return {
    share: share_percent, waiting: await db.$count(applications, undrawn), open: counted?.open ?? 0, finished: counted?.finished ?? 0, overall: agreementOf(all.map(pairOf)), draws,
    criteria: criteria.map(({ id, titleJa, titleEn }) => ({ criterion: id, titleJa, titleEn, ...agreementOf(all.filter(({ criterion }) => criterion === id).map(pairOf)) })).filter(({ pairs }) => pairs > 0),
    assessors: [...people].map(([id, name]) => ({ name, ...agreementOf(all.filter(({ firstId, secondId }) => firstId === id || secondId === id).map(pairOf)) })).toSorted((one, other) => one.name.localeCompare(other.name, 'ja')),
  }
}

/** The same for some people, in one statement: for each, every item that they and another rated without seeing the other's mark. */
export async function agreementsOf(db: Db, personIds: readonly string[]): Promise<(personId: string) => { pairs: number; kappa: number | null }> {
  const ids = sql`${`{${personIds.join(',')}}`}::uuid[]`
  const all = [...await db.execute<Compared>(sql`select * from (${compared}) c where c."firstId" = any(${ids}) or c."secondId" = any(${ids})`)]
  return personId => {
    const { pairs, kappa } = agreementOf(all.filter(({ firstId, secondId }) => firstId === personId || secondId === personId).map(pairOf))
    return { pairs, kappa }
  }
}

const pairOf = ({ first, second }: Compared): Pair => [first, second]

// The first mark as it stood when the file was drawn: what was learnt afterwards is not what the second scorer read.
const compared = sql`
  select m.criterion, f.rating as first, m.rating as second, p.name as "firstBy", q.name as "secondBy", p.id as "firstId", q.id as "secondId"
  from second_scorings s join second_draws d on d.id = s.draw_id join second_marks m on m.scoring_id = s.id join people q on q.id = s.scorer_id
  cross join lateral (select rating, rated_by from rating_marks r where r.application_id = s.application_id and r.criterion = m.criterion and r.rated_at <= d.drawn_at order by version desc limit 1) f
  join people p on p.id = f.rated_by
  where s.finished_at is not null`
