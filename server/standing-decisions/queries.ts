import { sql, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import type { StandingPage, Standings } from '../../schema/standing-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { addDays } from '../domain/calendar.ts'
import { gravestResults, nextSurveillance } from '../domain/surveillance.ts'
import type { Part } from '../domain/independence.ts'
import type { Standing } from '../domain/standing.ts'
import type { CertificateStatement } from '../domain/statement.ts'
import { standingOn } from '../register/search.ts'
import { standardInForce } from '../standard/queries.ts'
import { heldDays } from '../surveillance/held.ts'
import { isTiedAmong } from '../ties/untied.ts'

export type Head = {
  certificateId: string; applicationId: string; employerId: string; number: string; nameJa: string; nameLatin: string; standing: Standing; since: string; reasonClass: string | null
  decidedOn: string; expiresOn: string; version: number; openCondition: boolean; parts: Part[]
}

/** An issued certificate as it stands today; `version` counts its events, `parts` are those that a person took in its evaluation. */
const heads = (today: string, personId: string, where: SQL) => sql`
  select e.certificate_id as "certificateId", c.application_id as "applicationId", c.employer_id as "employerId", e.number, e.name_ja as "nameJa", e.name_latin as "nameLatin", e.now as standing, e.standing_since::text as since, e.reason_class as "reasonClass",
    e.expires_on::text as "expiresOn", e.decided_on::text as "decidedOn", (select count(*)::int from certificate_events v where v.certificate_id = c.id) as version,
    coalesce((select v.event = 'condition_set' from certificate_events v where v.certificate_id = c.id and v.event in ('condition_set', 'condition_met') order by v.happened_on desc, v.log_seq desc limit 1), false) as "openCondition",
    parts_taken(c.application_id, ${personId}) as parts
  from (select *, ${standingOn(today)} as now from register_entries) e join certificates c on c.id = e.certificate_id where ${where}`

export async function headOf(db: Db, certificateId: string, personId: string, today: string): Promise<Head | undefined> {
  const [row] = await db.execute<Head>(heads(today, personId, sql`c.id = ${certificateId}`))
  return row
}

export const headsOfEmployer = async (db: Db, employerId: string, personId: string, today: string): Promise<Head[]> => [...await db.execute<Head>(sql`${heads(today, personId, sql`c.employer_id = ${employerId}`)} order by e.cycle desc`)]

type Site = CertificateStatement['sites'][number]
const isSame = (one: Site) => (other: Site) => one.kind === other.kind && one.nameJa === other.nameJa && one.addressJa === other.addressJa
export const without = (sites: readonly Site[], removed: readonly Site[]): Site[] => sites.filter(site => !removed.some(isSame(site)))

type Said = { edition: number; statement: CertificateStatement; removed: Site[] }

/** The newest edition, and every site that a decision has taken off this certificate, also before the next edition says so. */
export async function sitesOf(db: Db, certificateId: string): Promise<Said | undefined> {
  const [row] = await db.execute<Said>(sql`
    select c.edition, c.statement, (select coalesce(jsonb_agg(site), '[]') from standing_decisions d, jsonb_array_elements(d.sites_removed) site where d.certificate_id = c.id and d.change = 'scope_reduced') as removed
    from public_certificates c where c.id = ${certificateId}`)
  return row
}

/** C3: a certificate in whose case somebody took a part, or whose holder they are tied to, is not there for them, in no list and no search. */
const apart = (personId: string, today: string) => sql`e.parts = '{}' and not ${isTiedAmong(sql`${personId}::uuid`, sql`e."employerId"`, today)}`

export const searchHeads = async (db: Db, q: string, personId: string, today: string): Promise<Head[]> => [...await db.execute<Head>(sql`
  select e.* from (${heads(today, personId, sql`e.number = ${q.trim().toUpperCase()} or (e.grams @> grams(fold_ja(${q}), 2) and strpos(e.searched, fold_ja(${q})) > 0)`)} limit 200) e where ${apart(personId, today)} limit 20`)]

const soon_days = 30

// Until when the present suspension lasts: what its decision says; one by the clock has no decision and lasts as long as any may.
const untilOf = sql`(select coalesce(d.until, (v.happened_on + interval '6 months')::date) from certificate_events v left join standing_decisions d on d.id = v.standing_decision_id
  where v.certificate_id = h."certificateId" and v.event = 'suspended' order by v.happened_on desc, v.log_seq desc limit 1)`

type Work = z.infer<typeof Standings>['work'][number]

// The day by which the condition that is open should have been met.
const conditionUntil = sql`(select d.until from certificate_events v join standing_decisions d on d.id = v.standing_decision_id
  where v.certificate_id = h."certificateId" and v.event = 'condition_set' and h."openCondition" order by v.happened_on desc, v.log_seq desc limit 1)`

// The grading table: zero tolerance, or a major repeated within the cycle, suspends; decisions.md 1: a person decides it. Raised since anybody last decided, and not closed.
const hasFinding = (which: SQL) => sql`exists (select from findings f where f.application_id = h."applicationId" and ${which} and coalesce((last_review_of(f.id)).outcome, '') not in ('verified', 'effective')
  and not exists (select from findings newer where newer.supersedes = f.id) and f.raised_at > greatest((select max(d.decided_at) from standing_decisions d where d.certificate_id = h."certificateId"), (select max(d.decided_at) from decisions d where d.application_id = f.application_id)))`

// What the last visit found that nobody has decided about yet.
const foundOf = sql`(select o.result from surveillance_visits v join surveillance_outcomes o on o.visit_id = v.id and o.outcome = 'held' where v.certificate_id = h."certificateId"
  and o.recorded_at > coalesce((select max(d.decided_at) from standing_decisions d where d.certificate_id = h."certificateId"), '-infinity') order by o.recorded_at desc limit 1)`
// What the secretariat proposed about a report of change, and nobody has decided since.
const proposedOf = (what: SQL) => sql`(select ${what} from change_reviews v join change_reports r on r.id = v.report_id where r.certificate_id = h."certificateId" and v.outcome in ('scope', 'suspension')
  and v.reviewed_at > coalesce((select max(d.decided_at) from standing_decisions d where d.certificate_id = h."certificateId"), '-infinity') order by v.reviewed_at desc limit 1)`
const graveOnes = sql`(${sql.join(gravestResults.map(result => sql`${result}`), sql`, `)})`

/** What asks for a decision, the most pressing first: suspensions whose time is over, conditions not met in time, suspensions that end soon; grave findings; misuse found true; what a surveillance found; suspended and visited since; surveillances that are overdue. */
export async function workOf(db: Db, personId: string, today: string): Promise<Work[]> {
  const clock = (await standardInForce(db, today)).content.grading.surveillance
  const rows = await db.execute<Work & { held: string[]; decidedOn: string }>(sql`
    select e."certificateId", e.number, e."nameJa", e."nameLatin", e.standing, e.since, e."reasonClass", e."expiresOn", e."decidedOn", e.until::text as until, e.why, e."changeId", ${heldDays(sql`e."certificateId"`)} as held from (
      select h.*, ${proposedOf(sql`r.id`)} as "changeId", case when h.standing = 'suspended' then ${untilOf} else ${conditionUntil} end as until, case
        when h.standing = 'suspended' and ${untilOf} < ${today}::date then 'suspension_over'
        when h.standing <> 'suspended' and ${conditionUntil} < ${today}::date then 'condition_over'
        when h.standing = 'suspended' and ${untilOf} <= ${addDays(today, soon_days)}::date then 'suspension_ending'
        when ${hasFinding(sql`f.grade = 'zero_tolerance'`)} then 'zero_tolerance'
        when ${hasFinding(sql`f.grade = 'major' and f.repeats is not null`)} then 'repeated_major'
        when exists (select from misuse_reports m join misuse_report_steps s on s.report_id = m.id and s.step = 'founded' where m.number = h.number
          and s.at > coalesce((select max(d.decided_at) from standing_decisions d where d.certificate_id = h."certificateId"), '-infinity')) then 'misuse_founded'
        when ${foundOf} in ${graveOnes} then 'surveillance_found'
        when ${proposedOf(sql`v.outcome`)} is not null then 'change_' || ${proposedOf(sql`v.outcome`)}
        when h.standing = 'suspended' and h."reasonClass" = 'overdue' and ${foundOf} is not null then 'surveillance_held'
        when h.standing = 'suspended' then 'suspended'
        when (h."decidedOn"::date + make_interval(months => ${clock.firstDueMonths}))::date < ${today}::date then 'surveillance_overdue' end as why
      from (${heads(today, personId, sql`e.now in ('suspended', 'certified', 'certified_with_condition', 'scope_reduced')`)}) h) e
    where ${apart(personId, today)} and e.why is not null order by array_position(array['suspension_over', 'condition_over', 'suspension_ending', 'zero_tolerance', 'repeated_major', 'misuse_founded', 'surveillance_found', 'change_suspension', 'change_scope', 'surveillance_held', 'surveillance_overdue', 'suspended'], e.why), e.until, e.since, e.number limit 2000`)
  const isOverdue = ({ held, decidedOn, expiresOn }: (typeof rows)[number]) => nextSurveillance({ decidedOn, expiresOn, clock }, { held, today })?.overdue
  return [...rows].filter(row => row.why !== 'surveillance_overdue' || isOverdue(row)).slice(0, 200)
}

export const historyOf = async (db: Db, certificateId: string): Promise<z.infer<typeof StandingPage>['history']> => [...await db.execute<z.infer<typeof StandingPage>['history'][number]>(sql`
  select d.id as "decisionId", v.id as "eventId", v.actor = 'clock' as "byClock", v.event as change, v.happened_on::text as on, v.reason_class as "reasonClass", d.reasons, p.name as by, d.until::text as until, d.condition, d.sites_removed as "sitesRemoved"
  from certificate_events v left join standing_decisions d on d.id = v.standing_decision_id left join people p on p.id = d.decided_by
  where v.certificate_id = ${certificateId} and v.event <> 'prolonged' order by v.log_seq desc`)]
