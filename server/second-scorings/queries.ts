import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { employers } from '../../schema/employers.ts'
import { secondMarks, secondScorings } from '../../schema/second-scorings.ts'
import type { Db } from '../adapters/database.ts'
import type { Viewer } from '../http/viewer.ts'
import { untied } from '../ties/untied.ts'

const marked = sql<number>`(select count(*)::int from ${secondMarks} where ${secondMarks.scoringId} = ${secondScorings.id})`

/** The scorings of one person; a client to whom they have come to be tied is gone (C3). */
const own = (db: Db, { personId, tiedTo }: Viewer, id?: string) => db.select({
  id: secondScorings.id, nameJa: employers.nameJa, nameEn: sql<string>`coalesce(nullif(${employers.nameLatin}, ''), ${employers.nameJa})`,
  assignedAt: secondScorings.assignedAt, declaredAt: secondScorings.declaredAt, finishedAt: secondScorings.finishedAt, marked,
  applicationId: applications.id, employerId: applications.employerId, standardId: applications.standardId, stage: applications.stage, scope: applications.scope, submittedAt: applications.submittedAt,
}).from(secondScorings).innerJoin(applications, eq(applications.id, secondScorings.applicationId)).innerJoin(employers, eq(employers.id, applications.employerId))
  .where(and(eq(secondScorings.scorerId, personId), untied(applications.employerId, tiedTo), id ? eq(secondScorings.id, id) : undefined))
  .orderBy(sql`${secondScorings.finishedAt} is not null`, asc(secondScorings.assignedAt), asc(secondScorings.id)).limit(200)

export const scoringsOf = (db: Db, viewer: Viewer) => own(db, viewer)

export async function scoringOf(db: Db, id: string, viewer: Viewer, { lock = false } = {}) {
  if (lock) await db.select({ id: secondScorings.id }).from(secondScorings).where(eq(secondScorings.id, id)).for('update')
  return (await own(db, viewer, id))[0]
}
export type Scoring = NonNullable<Awaited<ReturnType<typeof scoringOf>>>

export const marksIn = (db: Db, scoringId: string) =>
  db.select({ criterion: secondMarks.criterion, rating: secondMarks.rating, note: secondMarks.note }).from(secondMarks).where(eq(secondMarks.scoringId, scoringId))

/** Whether this person reads the evidence of a case because they score it for the second time, now. */
export async function scoresNow(db: Db, applicationId: string, viewer: Viewer): Promise<boolean> {
  if (!viewer.roles.includes('assessor')) return false
  const [open] = await db.select({ id: secondScorings.id }).from(secondScorings).innerJoin(applications, eq(applications.id, secondScorings.applicationId))
    .where(and(eq(secondScorings.applicationId, applicationId), eq(secondScorings.scorerId, viewer.personId), isNotNull(secondScorings.declaredAt), isNull(secondScorings.finishedAt), untied(applications.employerId, viewer.tiedTo)))
  return open !== undefined
}
