import { and, asc, count, eq, ne, sql, type SQL } from 'drizzle-orm'
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

/** Everything that has left the drafting table, the most urgent first, but for clients that the operator is tied to (C3); `after` is the last id of the page before. Two statements, however many rows. */
export async function pipeline(db: Db, { stage, after }: z.infer<typeof PipelineQuery>, { tiedTo }: Viewer, now: Date): Promise<Page> {
  const counted = await countByStage(db, tiedTo, now)
  const rows = await rowsOf(db, now, and(untied(applications.employerId, tiedTo), ne(applications.stage, 'draft'), stage && eq(applications.stage, stage), after ? isBehind(after) : undefined))
  const shown = rows.slice(0, rows_a_page).map(row => ({ application: headOf(row, now), assessors: row.assessors, task: taskIn(row.stage, row.assessors) }))
  return {
    stage: stage ?? null, rows: shown, next: rows.length > rows_a_page ? shown.at(-1)?.application.id ?? null : null, stages: counted,
    all: total(counted.map(({ count }) => count)), overdue: total(counted.map(({ overdue }) => overdue)),
    waiting: total(counted.map(({ waiting }) => waiting)), longest: Math.max(1, ...counted.map(({ count }) => count)), stoppedJobs: await stoppedJobs(db),
  }
}

const due = sql`coalesce(${applications.dueAt}, 'infinity')`
const isBehind = (id: string) => sql`(${due}, ${applications.id}) > (select coalesce(due_at, 'infinity'), id from applications where id = ${id})`

const assessorsOf = (now: Date) => sql<string[]>`(select coalesce(json_agg(${people.name} order by ${people.name}), '[]') from ${assignments}
  join ${people} on ${people.id} = ${assignments.personId}
  where ${assignments.applicationId} = ${applications.id} and ${assignments.part} = 'assessor' and ${assignments.endedAt} is null and not ${isTiedAmong(sql`${assignments.personId}`, applications.employerId, japanDate(now))})`

const rowsOf = (db: Db, now: Date, where: SQL | undefined) =>
  db.select({
    id: applications.id, employerNameJa: employers.nameJa, employerNameLatin: employers.nameLatin, stage: applications.stage, stageSince: applications.stageSince,
    dueAt: applications.dueAt, version: applications.version, assessors: assessorsOf(now),
  }).from(applications).innerJoin(employers, eq(employers.id, applications.employerId)).where(where).orderBy(asc(due), asc(applications.id)).limit(rows_a_page + 1)

async function countByStage(db: Db, tiedTo: readonly string[], now: Date) {
  const rows = await db.select({
    stage: applications.stage, count: count(), overdue: count(sql`case when ${applications.dueAt} < ${now.toISOString()} then 1 end`),
    waiting: count(sql`case when ${applications.stage} = 'submitted' or (${assessed} and json_array_length(${assessorsOf(now)}) = 0) then 1 end`),
  }).from(applications).where(and(untied(applications.employerId, tiedTo), ne(applications.stage, 'draft'))).groupBy(applications.stage)
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
