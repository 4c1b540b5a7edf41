import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import { nextSurveillance } from '../domain/surveillance.ts'
import type { Role } from '../domain/roles.ts'
import { standingOn } from '../register/search.ts'
import { standardInForce } from '../standard/queries.ts'
import { heldDays } from '../surveillance/held.ts'
import { untied } from '../ties/untied.ts'

/** One entry of a calendar: whole days. `what` is a key of `calendars.event_…`; the id stays the same when the day moves. */
export type Entry = { id: string; what: 'expires' | 'surveillance' | 'wanted' | 'due' | 'visit' | 'secret_visit' | 'decide'; name: string; from: string; until: string; path: string }
type Reader = { personId: string; employerId: string | null; buyerId: string | null; tiedTo: readonly string[]; roles: readonly Role[] }
type Certificate = { number: string; name: string; expiresOn: string; decidedOn: string; held: string[]; path: string }

/** What a person has to keep in mind, by the roles they hold today. */
export async function datesOf(db: Db, { personId, employerId, buyerId, tiedTo, roles }: Reader, today: string): Promise<Entry[]> {
  const theirs = untied(sql`a.employer_id`, tiedTo) // C3: a tie to a client takes its cases from the calendar too
  const entries = await Promise.all([
    buyerId && roles.includes('buyer') ? buyersDates(db, buyerId, today) : [],
    employerId && roles.includes('applicant') ? employersDates(db, employerId, today) : [],
    employerId && roles.includes('applicant') ? visitsAt(db, employerId) : [],
    roles.includes('assessor') ? visitsOf(db, personId, theirs) : [],
    roles.includes('assessor') ? surveillancesOf(db, personId, theirs) : [],
    roles.includes('operator') ? dues(db, sql`a.stage in ('submitted', 'accepted') and ${theirs}`, 'due') : [],
    roles.includes('decision_maker') ? dues(db, sql`a.stage = 'awaiting_decision' and parts_taken(a.id, ${personId}) = '{}' and ${theirs}`, 'decide') : [], // a case with a tie of theirs is not there for them
  ])
  return entries.flat()
}

/** The days that its employer knows of. */
const visitsAt = async (db: Db, employerId: string): Promise<Entry[]> =>
  [...await db.execute<Due & { until: string }>(sql`
    select a.id, coalesce(a.scope->>'nameJa', '') as name, v.starts_on::text as day, v.ends_on::text as until from visits v join applications a on a.id = v.application_id
    where a.employer_id = ${employerId} and a.stage = 'visit_planned' and (v.announced or v.begun_at is not null)`)]
    .map(({ id, name, day, until }) => ({ id: `visit-${id}`, what: 'visit' as const, name, from: day, until, path: `/applications/${id}/visit` }))

const valid = (today: string) => sql`${standingOn(today)} in ('certified', 'certified_with_condition', 'scope_reduced', 'suspended')`

async function buyersDates(db: Db, buyerId: string, today: string): Promise<Entry[]> {
  const certificates = await db.execute<Certificate>(sql`
    select e.number, s.name, e.expires_on::text as "expiresOn", e.decided_on::text as "decidedOn", ${heldDays(sql`e.certificate_id`)} as held, '/watchlist/' || s.id as path from suppliers s join lateral (select * from register_entries where holder = s.holder order by cycle desc limit 1) e on true
    where s.buyer_id = ${buyerId} and s.removed_at is null and ${valid(today)}`)
  const wanted = await db.execute<{ id: string; name: string; day: string }>(sql`select id, name, wanted_by::text as day from suppliers where buyer_id = ${buyerId} and removed_at is null and wanted_by is not null`)
  return [...await ofCertificates(db, certificates, today), ...[...wanted].map(({ id, name, day }) => ({ id: `wanted-${id}`, what: 'wanted' as const, name, from: day, until: day, path: `/watchlist/${id}` }))]
}

async function employersDates(db: Db, employerId: string, today: string): Promise<Entry[]> {
  const certificates = await db.execute<Certificate>(sql`
    select e.number, e.name_ja as name, e.expires_on::text as "expiresOn", e.decided_on::text as "decidedOn", ${heldDays(sql`e.certificate_id`)} as held, '/c/' || e.number as path from register_entries e where e.certificate_id in (select id from certificates where employer_id = ${employerId}) and ${valid(today)}`)
  return [...await ofCertificates(db, certificates, today), ...await dues(db, sql`a.employer_id = ${employerId} and a.stage in ('returned', 'clarifying', 'correcting')`, 'due')]
}

async function ofCertificates(db: Db, certificates: Iterable<Certificate>, today: string): Promise<Entry[]> {
  const clock = (await standardInForce(db, today)).content.grading.surveillance
  return [...certificates].flatMap(({ number, name, expiresOn, decidedOn, held, path }) => {
    const next = nextSurveillance({ decidedOn, expiresOn, clock }, { held, today })
    return [
      { id: `expires-${number}`, what: 'expires' as const, name, from: expiresOn, until: expiresOn, path },
      ...(next ? [{ id: `surveillance-${number}`, what: 'surveillance' as const, name, from: next.due, until: next.due, path }] : []),
    ]
  })
}

type Due = { id: string; name: string; day: string; path?: string }

const dues = async (db: Db, which: ReturnType<typeof sql>, what: 'due' | 'decide'): Promise<Entry[]> =>
  [...await db.execute<Due>(sql`select a.id, coalesce(a.scope->>'nameJa', '') as name, (a.due_at at time zone 'Asia/Tokyo')::date::text as day from applications a where a.due_at is not null and ${which}`)]
    .map(({ id, name, day }) => ({ id: `${what}-${id}`, what, name, from: day, until: day, path: what === 'decide' ? `/applications/${id}/decision` : `/applications/${id}` }))

// An unannounced visit that has not begun is in the calendar of its own team alone; the case still stands at the desk review.
const visitsOf = async (db: Db, personId: string, theirs: SQL): Promise<Entry[]> =>
  [...await db.execute<Due & { until: string; secret: boolean }>(sql`
    select distinct a.id, coalesce(a.scope->>'nameJa', '') as name, v.starts_on::text as day, v.ends_on::text as until, not v.announced and v.begun_at is null as secret from visits v join applications a on a.id = v.application_id
    join assignments s on s.application_id = a.id and s.person_id = ${personId} and s.part = 'assessor' and s.ended_at is null
    where (a.stage = 'visit_planned' or (a.stage in ('desk_review', 'clarifying') and not v.announced)) and ${theirs}
      and exists (select from interest_declarations d where d.assignment_id = s.id)`)]
    .map(({ id, name, day, until, secret }) => ({ id: `visit-${id}`, what: secret ? 'secret_visit' as const : 'visit' as const, name, from: day, until, path: `/applications/${id}/visit` }))

// C14: visits between two decisions, with notice or without: whoever goes has them in their own calendar, nobody else does.
const surveillancesOf = async (db: Db, personId: string, theirs: SQL): Promise<Entry[]> =>
  [...await db.execute<Due>(sql`
    select v.id, coalesce(a.scope->>'nameJa', '') as name, v.planned_on::text as day, '/certificates/' || v.certificate_id || '/surveillance' as path from surveillance_visits v join assignments s on s.id = v.assignment_id and s.ended_at is null
    join applications a on a.id = s.application_id where s.person_id = ${personId} and not exists (select from surveillance_outcomes o where o.visit_id = v.id) and ${theirs}`)]
    .map(({ id, name, day, path = '' }) => ({ id: `surveillance-visit-${id}`, what: 'visit' as const, name, from: day, until: day, path }))
