import { sql, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import type { SurveillanceList, SurveillancePage } from '../../schema/surveillance-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { addMonths, daysBetween } from '../domain/calendar.ts'
import { declaration_months } from '../domain/independence.ts'
import type { Standing } from '../domain/standing.ts'
import { nextSurveillance, unannouncedBy, unmetSurveillances, type SurveillanceClock } from '../domain/surveillance.ts'
import type { Viewer } from '../http/viewer.ts'
import { standingOn } from '../register/search.ts'
import { standardInForce } from '../standard/queries.ts'
import { untied } from '../ties/untied.ts'

type List = z.infer<typeof SurveillanceList>
export type Visit = z.infer<typeof SurveillancePage>['visits'][number]
export type Watched = {
  certificateId: string; applicationId: string; employerId: string; number: string; nameJa: string; nameEn: string; standing: Standing; decidedOn: string; expiresOn: string
  visits: Visit[]; declared: boolean; extra: boolean; personDays: number | null
}
type Clock = SurveillanceClock & { unannouncedPerCycleMin: number }

/** Dates and counts of a certificate's surveillance as staff see them. */
export function datesOf({ decidedOn, expiresOn, visits }: Pick<Watched, 'decidedOn' | 'expiresOn' | 'visits'>, clock: Clock, today: string) {
  const term = { decidedOn, expiresOn, clock }, held = visits.flatMap(({ onDay }) => onDay ?? []), next = nextSurveillance(term, { held, today })
  return {
    term, held, next, dues: unmetSurveillances(term, held), days: next && daysBetween(today, next.due),
    unannouncedBy: unannouncedBy({ term, least: clock.unannouncedPerCycleMin, unannounced: visits.filter(({ kind, onDay }) => kind === 'unannounced' && onDay).length }),
  }
}

/** Certificates that have not ended, as they stand today, with every visit. Of a client to whom the reader is tied there is none (C3). */
export const watched = async (db: Db, { personId, tiedTo, today }: Pick<Viewer, 'personId' | 'tiedTo' | 'today'>, where: SQL): Promise<Watched[]> => [...await db.execute<Watched>(sql`
  select e.certificate_id as "certificateId", c.application_id as "applicationId", c.employer_id as "employerId", e.number, e.name_ja as "nameJa", coalesce(nullif(e.name_latin, ''), e.name_ja) as "nameEn", e.now as standing,
    e.decided_on::text as "decidedOn", e.expires_on::text as "expiresOn", (select person_days::float8 from visits where application_id = c.application_id) as "personDays", exists (select from change_reviews w join change_reports r on r.id = w.report_id where r.certificate_id = c.id and w.outcome = 'extra_visit'
      and not exists (select from surveillance_visits v join surveillance_outcomes o on o.visit_id = v.id and o.outcome = 'held' where v.certificate_id = c.id and o.recorded_at > w.reviewed_at)) as extra,
    exists (select from interest_declarations d join assignments s on s.id = d.assignment_id and s.ended_at is null where d.application_id = c.application_id and d.person_id = ${personId} and (d.declared_at at time zone 'Asia/Tokyo')::date > ${addMonths(today, -declaration_months)}::date) as declared,
    (select coalesce(json_agg(json_build_object('id', v.id, 'kind', v.kind, 'plannedOn', v.planned_on, 'assessor', p.name, 'team', v.team, 'mine', p.id = ${personId}::uuid, 'outcome', o.outcome, 'onDay', o.on_day, 'result', o.result, 'summary', o.summary, 'recordedAt', o.recorded_at, 'wish', case when w.id is not null then json_build_object('on', w.wished_on, 'reason', w.reason) end) order by coalesce(o.on_day, v.planned_on) desc, v.planned_at desc), '[]')
      from surveillance_visits v join assignments s on s.id = v.assignment_id join people p on p.id = s.person_id left join surveillance_outcomes o on o.visit_id = v.id left join surveillance_wishes w on w.visit_id = v.id where v.certificate_id = c.id) as visits
  from (select *, ${standingOn(today)} as now from register_entries) e join certificates c on c.id = e.certificate_id
  where e.now in ('certified', 'certified_with_condition', 'scope_reduced', 'suspended') and ${untied(sql`c.employer_id`, tiedTo)} and ${where} order by e.decided_on, e.number limit 500`)].map(inTime)

// Instants come out of JSON as text.
const inTime = (row: Watched): Watched => ({ ...row, visits: row.visits.map(visit => ({ ...visit, recordedAt: visit.recordedAt && new Date(visit.recordedAt) })) })

const isMine = (personId: string) => sql`exists (select from surveillance_visits v join assignments s on s.id = v.assignment_id where v.certificate_id = c.id and s.person_id = ${personId} and s.ended_at is null)`
const ahead_months = 6

/** For the secretariat: what is due within half a year, overdue, planned, or still needs a visit without notice. For an assessor: their own visits. */
export async function surveillanceList(db: Db, viewer: Viewer): Promise<List> {
  const as = viewer.roles.includes('operator') ? 'operator' as const : 'assessor' as const, { today } = viewer
  const clock = (await standardInForce(db, today)).content.grading.surveillance
  const rows = await watched(db, viewer, as === 'assessor' ? isMine(viewer.personId)
    : sql`((e.decided_on + make_interval(months => ${clock.firstDueMonths - ahead_months}))::date <= ${today}::date or exists (select from surveillance_visits v where v.certificate_id = c.id) or exists (select from change_reports r where r.certificate_id = c.id))`)
  const lines = rows.map(row => ({ ...row, ...datesOf(row, clock, today), planned: row.visits.filter(({ outcome, mine }) => !outcome && (as === 'operator' || mine)) }))
    .filter(({ next, planned, extra }) => planned.length > 0 || extra || (as === 'operator' && next && next.due <= addMonths(today, ahead_months)))
  return { as, certificates: lines.toSorted((one, other) => (one.next?.due ?? one.expiresOn).localeCompare(other.next?.due ?? other.expiresOn)), more: rows.length === 500 }
}
