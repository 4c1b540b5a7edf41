import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { applications } from '../../schema/applications.ts'
import type { assessorTasks, Worklist } from '../../schema/assessment-forms.ts'
import { assignments, clarifications, interestDeclarations, ratings } from '../../schema/assessments.ts'
import { employers } from '../../schema/employers.ts'
import type { Db } from '../adapters/database.ts'
import { headOf } from '../applications/case-as.ts'
import { addMonths } from '../domain/calendar.ts'
import { declaration_months } from '../domain/independence.ts'
import type { Stage } from '../domain/lifecycle.ts'
import type { Viewer } from '../http/viewer.ts'
import { untied } from '../ties/untied.ts'

type Page = z.infer<typeof Worklist>
type Task = (typeof assessorTasks)[number]

// What the assessor does next in each stage, and where; stages that are not named have come to their end.
const tasks: Partial<Record<Stage, readonly [Task, page: string]>> = {
  accepted: ['declare', '/interests'],
  desk_review: ['review', '/assessment'],
  clarifying: ['wait_for_reply', '/clarifications'],
  visit_planned: ['visit', '/visit'],
  correcting: ['follow_up', '/findings'],
  awaiting_decision: ['wait_for_decision', '/assessment'],
}

/** The viewer's own cases, the most urgent first; a case of a client to whom they are tied is gone, one whose declaration is a year old asks for a new one first. One statement, however many. */
export async function worklist(db: Db, viewer: Viewer, now: Date): Promise<Page> {
  const cases = await casesOf(db, viewer)
  const rows = cases.flatMap(({ declared, rated, replies, ...row }) => {
    const [task, page] = declared ? tasks[row.stage] ?? [] : tasks.accepted ?? []
    return task && page && tasks[row.stage] ? [{ application: headOf(row, now), task, href: `/applications/${row.id}${page}`, rated: declared ? rated : 0, replies: declared ? replies : 0 }] : []
  })
  const load = Object.values(tasks).map(([task]) => ({ task, count: rows.filter(row => row.task === task).length }))
  const ended = cases.filter(({ stage, declared }) => declared && !tasks[stage]).slice(0, 20)
  return {
    rows, load, heaviest: Math.max(1, ...load.map(({ count }) => count)),
    ended: ended.map(({ id, employerNameJa, employerNameLatin, stage, stageSince }) => ({ id, nameJa: employerNameJa, nameEn: employerNameLatin || employerNameJa, stage, stageSince })),
  }
}

const rated = sql<number>`(select count(*)::int from ${ratings} where ${ratings.applicationId} = ${applications.id})`
// Replies that nobody has rated since they came back.
const replies = sql<number>`(select count(*)::int from ${clarifications} where ${clarifications.applicationId} = ${applications.id} and ${clarifications.closedAt} is not null
  and not exists (select from ${ratings} where ${ratings.applicationId} = ${clarifications.applicationId} and ${ratings.criterion} = ${clarifications.criterion} and ${ratings.ratedAt} >= ${clarifications.closedAt}))`

const declaredSince = (day: string) => sql<boolean>`exists (select from ${interestDeclarations} where ${interestDeclarations.assignmentId} = ${assignments.id}
  and (${interestDeclarations.declaredAt} at time zone 'Asia/Tokyo')::date > ${day})`

const casesOf = (db: Db, { personId, today, tiedTo }: Viewer) =>
  db.select({
    id: applications.id, employerNameJa: employers.nameJa, employerNameLatin: employers.nameLatin, stage: applications.stage, stageSince: applications.stageSince,
    dueAt: applications.dueAt, version: applications.version, declared: declaredSince(addMonths(today, -declaration_months)), rated, replies,
  }).from(assignments).innerJoin(applications, eq(applications.id, assignments.applicationId)).innerJoin(employers, eq(employers.id, applications.employerId))
    .where(and(eq(assignments.personId, personId), eq(assignments.part, 'assessor'), isNull(assignments.endedAt), untied(applications.employerId, tiedTo)))
    .orderBy(asc(sql`coalesce(${applications.dueAt}, 'infinity')`), asc(applications.id)).limit(200)
