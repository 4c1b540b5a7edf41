import { sql } from 'drizzle-orm'
import { within, type Db } from '../adapters/database.ts'
import { addDays, type CalendarDate } from '../domain/calendar.ts'
import { unannouncedBy, unannouncedWarning, unmetSurveillances, unannounced_warning_days } from '../domain/surveillance.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { standardInForce } from '../standard/queries.ts'
import { heldDays } from './held.ts'

type Cycle = { id: string; number: string; nameJa: string; decidedOn: string; expiresOn: string; unannounced: number }

/** Daily: a cycle that would end without a visit without notice is told to the secretariat in time, each warning once; to the holder never. */
export async function remindOfUnannounced(db: Db, today: CalendarDate): Promise<void> {
  const clock = (await standardInForce(db, today)).content.grading.surveillance
  for (const { id, number, nameJa, ...cycle } of await cyclesWithout(db, today, clock.unannouncedPerCycleMin)) {
    const by = unannouncedBy({ term: { ...cycle, clock }, least: clock.unannouncedPerCycleMin, unannounced: cycle.unannounced }), days = by && unannouncedWarning(by, today)
    if (by && days) await within(db, tx => tell(tx, { id, number, nameJa, by, days, today }))
  }
}

// Planned counts as well: who has planned one needs no warning.
const unannouncedOf = sql`(select count(*)::int from surveillance_visits v left join surveillance_outcomes o on o.visit_id = v.id where v.certificate_id = e.certificate_id and v.kind = 'unannounced' and o.outcome is distinct from 'called_off')`

const cyclesWithout = (db: Db, today: CalendarDate, least: number) => db.execute<Cycle>(sql`
  select e.certificate_id as id, e.number, e.name_ja as "nameJa", e.decided_on::text as "decidedOn", e.expires_on::text as "expiresOn", ${unannouncedOf} as unannounced from register_entries e
  where e.standing in ('certified', 'certified_with_condition', 'scope_reduced', 'suspended') and e.expires_on >= ${today} and e.expires_on <= (${addDays(today, unannounced_warning_days[0])}::date + interval '13 months') and ${unannouncedOf} < ${least} order by e.number`)

async function tell(tx: Db, { id, number, nameJa: employer, by: due, days, today }: { id: string; number: string; nameJa: string; by: string; days: number; today: string }) {
  const operators = await tx.execute<{ email: string; locale: string }>(sql`
    select p.email, p.locale from people p where 'operator' = any(p.staff_roles) and not is_tied(p.id, (select application_id from certificates where id = ${id}), ${`${today}T00:00:00Z`}::timestamptz)`)
  for (const { email, locale } of operators) {
    await enqueueMail(tx, { uniqueKey: `unannounced_needed:${id}:${due}:${days}:${email}`, toEmail: email, locale, template: 'unannounced_needed', params: { employer, number, due, url: `/certificates/${id}/surveillance` } })
  }
}

type Term = { decidedOn: string; expiresOn: string; held: string[] }

/** A warning before a surveillance, asked again when it is sent: the day has not passed, no visit has met it, and the certificate is neither suspended nor at its end. */
export async function isStillDue(tx: Db, number: string, due: CalendarDate, today: CalendarDate): Promise<boolean> {
  const [term] = await tx.execute<Term>(sql`
    select decided_on::text as "decidedOn", expires_on::text as "expiresOn", ${heldDays(sql`register_entries.certificate_id`)} as held from register_entries where number = ${number} and standing in ('certified', 'certified_with_condition', 'scope_reduced')`)
  const clock = (await standardInForce(tx, today)).content.grading.surveillance
  return term !== undefined && today <= due && unmetSurveillances({ ...term, clock }, term.held).includes(due)
}
