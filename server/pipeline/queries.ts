import { and, asc, count, eq, sql, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { applications } from '../../schema/applications.ts'
import { assignments } from '../../schema/assessments.ts'
import { employers } from '../../schema/employers.ts'
import type { operatorTasks, Pipeline, PipelineQuery } from '../../schema/pipeline.ts'
import type { Db } from '../adapters/database.ts'
import { headOf } from '../applications/case-as.ts'
import { japanDate } from '../domain/calendar.ts'
import { stages, type Stage } from '../domain/lifecycle.ts'
import type { Viewer } from '../http/viewer.ts'
import { stoppedJobs } from '../jobs/stuck.ts'
import { isTiedAmong, untied } from '../ties/untied.ts'

const rows_a_page = 50
type Page = z.infer<typeof Pipeline>

/** Everything that has left the drafting table, the most urgent first, but for clients that the operator is tied to (C3); `after` is where the page before ended. Two statements, however many rows. */
export async function pipeline(db: Db, { stage, after }: z.infer<typeof PipelineQuery>, { tiedTo }: Viewer, now: Date): Promise<Page> {
  const counted = await countByStage(db, tiedTo, now)
  const rows = await rowsOf(db, now, and(untied(applications.employerId, tiedTo), isShown, stage && eq(applications.stage, stage), after ? isBehind(after) : undefined))
  const shown = rows.slice(0, rows_a_page).map(row => ({ application: headOf(row, now), assessors: row.assessors, task: taskIn(row.stage, row.assessors) }))
  return {
    stage: stage ?? null, rows: shown, next: rows.length > rows_a_page ? placeOf(rows[rows_a_page - 1]) : null, stages: counted,
    all: total(counted.map(({ count }) => count)), overdue: total(counted.map(({ overdue }) => overdue)),
    waiting: total(counted.map(({ waiting }) => waiting)), longest: Math.max(1, ...counted.map(({ count }) => count)), stoppedJobs: await stoppedJobs(db),
  }
}

const isShown = sql`${applications.stage} <> 'draft'` // written out, so that the index is taken
// As the index applications_by_urgency has it.
const due = sql`coalesce(${applications.dueAt}, 'infinity'::timestamptz)`
// To the microsecond, as Postgres keeps it: a rounded place would show a case twice.
const dueWritten = sql<string>`case when ${applications.dueAt} is null then 'infinity' else to_char(${applications.dueAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') end`

// A place in the order, and not a case: it holds also when the case that stood there moves on.
const placeOf = (row?: { due: string; id: string }) => (row ? `${row.due}_${row.id}` : null)
const isBehind = (place: string) => {
  const [at, id] = place.split('_')
  return sql`(${due}, ${applications.id}) > (${at}::timestamptz, ${id}::uuid)`
}

const assessorsOf = (now: Date) => sql<string[]>`(select coalesce(json_agg(${people.name} order by ${people.name}), '[]') ${onTheCase(now)})`
const onTheCase = (now: Date) => sql`from ${assignments} join ${people} on ${people.id} = ${assignments.personId}
  where ${assignments.applicationId} = ${applications.id} and ${assignments.part} = 'assessor' and ${assignments.endedAt} is null and not ${isTiedAmong(sql`${assignments.personId}`, applications.employerId, japanDate(now))}`

const rowsOf = (db: Db, now: Date, where: SQL | undefined) =>
  db.select({
    id: applications.id, employerNameJa: employers.nameJa, employerNameLatin: employers.nameLatin, stage: applications.stage, stageSince: applications.stageSince,
    dueAt: applications.dueAt, version: applications.version, assessors: assessorsOf(now), due: dueWritten,
  }).from(applications).innerJoin(employers, eq(employers.id, applications.employerId)).where(where).orderBy(asc(due), asc(applications.id)).limit(rows_a_page + 1)

async function countByStage(db: Db, tiedTo: readonly string[], now: Date) {
  const rows = await db.select({
    stage: applications.stage, count: count(), overdue: count(sql`case when ${applications.dueAt} < ${now.toISOString()} then 1 end`),
    waiting: count(sql`case when ${applications.stage} = 'submitted' or (${assessed} and not exists (select ${onTheCase(now)})) then 1 end`),
  }).from(applications).where(and(untied(applications.employerId, tiedTo), isShown)).groupBy(applications.stage)
  return stages.flatMap(stage => (stage === 'draft' ? [] : [{ count: 0, overdue: 0, waiting: 0, ...rows.find(row => row.stage === stage), stage }]))
}

// Stages that cannot go on without an assessor: also when the only one has just declared a tie.
const needAssessor: Stage[] = ['accepted', 'desk_review', 'clarifying', 'visit_planned', 'correcting']
const assessed = sql`${applications.stage}::text in (${sql.join(needAssessor.map(stage => sql`${stage}`), sql`, `)})`

function taskIn(stage: Stage, assessors: string[]): (typeof operatorTasks)[number] | null {
  if (stage === 'submitted') return 'screen'
  return needAssessor.includes(stage) && assessors.length === 0 ? 'assign' : null
}

const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)
