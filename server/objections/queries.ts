import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { z } from 'zod'
import { assessorOrganisations, people } from '../../schema/accounts.ts'
import { assignments } from '../../schema/assessments.ts'
import type { ObjectionPage } from '../../schema/objection-forms.ts'
import { objectionAnswers, objections } from '../../schema/objections.ts'
import type { Db } from '../adapters/database.ts'
import { headOf } from '../applications/case-as.ts'
import { findCase } from '../applications/case.ts'
import { mayObjectIn } from '../domain/objections.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { isTied } from '../ties/untied.ts'

type Page = z.infer<typeof ObjectionPage>

/** Who assesses, and the one objection with its answer. An assessor whose tie took the case away is not told of: that is between them and the secretariat. */
export async function objectionPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<Page | Refusal> {
  const theCase = await findCase(db, id, viewer)
  if (isRefusal(theCase)) return theCase
  const client = theCase.held.includes('applicant'), secretariat = theCase.held.includes('operator')
  if (!client && !secretariat) return { refused: 'not_found' }
  const team = await teamOf(db, id, { employerId: theCase.employerId, today: viewer.today }), objection = await objectionOf(db, id)
  const answer = objection?.answer ?? null
  return {
    application: headOf(theCase, now), side: client ? 'client' : 'secretariat', team,
    mayObject: client && !objection && team.length > 0 && mayObjectIn(theCase.stage), mayAnswer: secretariat && objection !== null && answer === null,
    objection: objection && { ...objection, answer: answer && { ...answer, by: client ? null : answer.by } },
  }
}

const teamOf = (db: Db, applicationId: string, { employerId, today }: { employerId: string; today: string }): Promise<Page['team']> =>
  db.select({ assignmentId: assignments.id, name: people.name, organisation: { nameJa: assessorOrganisations.nameJa, nameEn: assessorOrganisations.nameEn } }).from(assignments)
    .innerJoin(people, eq(people.id, assignments.personId)).leftJoin(assessorOrganisations, eq(assessorOrganisations.id, people.assessorOrganisationId))
    .where(and(eq(assignments.applicationId, applicationId), eq(assignments.part, 'assessor'), isNull(assignments.endedAt), beforeDecision, sql`not ${isTied(assignments.personId, sql`${employerId}::uuid`, today)}`))
    .orderBy(asc(assignments.assignedAt), asc(assignments.id))

// Whoever joined after the certificate was decided goes to its surveillances, perhaps without notice: named here, they would give the visit away.
const beforeDecision = sql`not exists (select from decisions d where d.application_id = ${assignments.applicationId} and d.outcome = 'certify' and d.decided_at <= ${assignments.assignedAt})`

const assessor = alias(people, 'assessor'), answerer = alias(people, 'answerer')

async function objectionOf(db: Db, applicationId: string): Promise<Page['objection']> {
  const [row] = await db.select({ objection: objections, about: assessor.name, answer: objectionAnswers, by: answerer.name }).from(objections).innerJoin(assessor, eq(assessor.id, objections.assessorId))
    .leftJoin(objectionAnswers, eq(objectionAnswers.objectionId, objections.id)).leftJoin(answerer, eq(answerer.id, objectionAnswers.answeredBy)).where(eq(objections.applicationId, applicationId))
  if (!row) return null
  const { objection, about, answer, by } = row
  return { id: objection.id, about, reasons: objection.reasons, at: objection.raisedAt, answer: answer && { upheld: answer.upheld, reasons: answer.reasons, at: answer.answeredAt, by } }
}
