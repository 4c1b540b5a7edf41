import { sql, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import type { StandingPage, Standings } from '../../schema/standing-shapes.ts'
import type { Db } from '../adapters/database.ts'
import type { Standing } from '../domain/standing.ts'
import { standingOn } from '../register/search.ts'

export type Head = { certificateId: string; applicationId: string; employerId: string; number: string; nameJa: string; nameLatin: string; standing: Standing; since: string; reasonClass: string | null; expiresOn: string; version: number; parts: string[] }

const untilOf = sql`(select d.until::text from standing_decisions d where d.certificate_id = e."certificateId" and d.change = 'suspended' order by d.decided_at desc limit 1)`

/** An issued certificate as it stands today; `version` counts its events, `parts` are those that a person took in its evaluation. */
const heads = (today: string, personId: string, where: SQL) => sql`
  select e.certificate_id as "certificateId", c.application_id as "applicationId", c.employer_id as "employerId", e.number, e.name_ja as "nameJa", e.name_latin as "nameLatin", e.now as standing, e.standing_since::text as since, e.reason_class as "reasonClass",
    e.expires_on::text as "expiresOn", e.decided_on::text as "decidedOn", (select count(*)::int from certificate_events v where v.certificate_id = c.id) as version, parts_taken(c.application_id, ${personId}) as parts
  from (select *, ${standingOn(today)} as now from register_entries) e join certificates c on c.id = e.certificate_id where ${where}`

export async function headOf(db: Db, certificateId: string, personId: string, today: string): Promise<Head | undefined> {
  const [row] = await db.execute<Head>(heads(today, personId, sql`c.id = ${certificateId}`))
  return row
}

export const headsOfEmployer = async (db: Db, employerId: string, personId: string, today: string): Promise<Head[]> => [...await db.execute<Head>(sql`${heads(today, personId, sql`c.employer_id = ${employerId}`)} order by e.cycle desc`)]

/** C3: a certificate in whose case somebody took a part is not there for them, in no list and no search. */
const apart = sql`e.parts = '{}'`

export const searchHeads = async (db: Db, q: string, personId: string, today: string): Promise<Head[]> => [...await db.execute<Head>(sql`
  select e.* from (${heads(today, personId, sql`e.number = ${q.trim().toUpperCase()} or (e.grams @> grams(fold_ja(${q}), 2) and strpos(e.searched, fold_ja(${q})) > 0)`)} limit 200) e where ${apart} limit 20`)]

/** What asks for a decision: suspensions, those over their time first; surveillances that are overdue; reports of misuse that were found true. */
export const workOf = async (db: Db, personId: string, today: string): Promise<z.infer<typeof Standings>['work']> => [...await db.execute<z.infer<typeof Standings>['work'][number]>(sql`
  select e."certificateId", e.number, e."nameJa", e."nameLatin", e.standing, e.since, e."reasonClass", e."expiresOn", ${untilOf} as until,
    case when e.standing = 'suspended' and (coalesce(${untilOf}::date, (e.since::date + interval '6 months')::date)) < ${today}::date then 'suspension_over' when e.standing = 'suspended' then 'suspended' when e.misused then 'misuse_founded' else 'surveillance_overdue' end as why
  from (select h.*, exists (select from misuse_reports m join misuse_report_steps s on s.report_id = m.id and s.step = 'founded' where m.number = h.number and s.at > coalesce((select max(d.decided_at) from standing_decisions d where d.certificate_id = h."certificateId"), '-infinity')) as misused
    from (${heads(today, personId, sql`e.now in ('suspended', 'certified', 'certified_with_condition', 'scope_reduced')`)}) h) e
  where ${apart} and (e.standing = 'suspended' or e.misused or (e."decidedOn"::date + interval '12 months')::date < ${today}::date) order by why, e.since, e.number limit 200`)]

export const historyOf = async (db: Db, certificateId: string): Promise<z.infer<typeof StandingPage>['history']> => [...await db.execute<z.infer<typeof StandingPage>['history'][number]>(sql`
  select v.event as change, v.happened_on::text as on, v.reason_class as "reasonClass", d.reasons, p.name as by, d.until::text as until from certificate_events v left join standing_decisions d on d.id = v.standing_decision_id left join people p on p.id = d.decided_by
  where v.certificate_id = ${certificateId} and v.event <> 'prolonged' order by v.log_seq desc`)]
