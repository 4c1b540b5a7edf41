import { and, eq, isNotNull, isNull, not } from 'drizzle-orm'
import { answers } from '../../schema/applications.ts'
import { clarifications } from '../../schema/assessments.ts'
import { documentCriteria, documents } from '../../schema/documents.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { askedOf, type Criterion, type Spared } from '../applications/criteria.ts'
import { answerState, isAnswered, type AnswerState } from '../domain/answering.ts'
import { tooOld } from '../evidence/queries.ts'

export type Answer = typeof answers.$inferSelect
export type Asked = Criterion & { given: Answer | null; attached: boolean; state: AnswerState }
export type Progress = { asked: Asked[]; spared: Spared[]; workers: number; answered: number; complete: number }

/** Every criterion asked of this employer with its answer and how far it is, in the order of the standard. */
export async function progressOf(db: Db, theCase: Case, now: Date): Promise<Progress> {
  const { criteria, spared, facts } = await askedOf(db, theCase, now)
  const given = await answersOf(db, theCase.id)
  const attached = await attachedCriteria(db, theCase.id)
  const asked = criteria.map(criterion => {
    const answer = given.get(criterion.id)
    const documents = { needsDocument: criterion.needsDocument, attached: attached.has(criterion.id) }
    return { ...criterion, ...documents, given: answer ?? null, state: answerState(answer, documents) }
  })
  return { asked, spared, workers: facts.workers, answered: asked.filter(({ state }) => isAnswered(state)).length, complete: asked.filter(({ state }) => state === 'complete').length }
}

/** The answers of a case by criterion. */
export async function answersOf(db: Db, applicationId: string): Promise<Map<string, Answer>> {
  const rows = await db.select().from(answers).where(eq(answers.applicationId, applicationId))
  return new Map(rows.map(row => [row.criterion, row]))
}

/** The question that has reopened a criterion for the employer, if there is one. */
export async function openQuestion(db: Db, applicationId: string, criterion: string) {
  const [row] = await db.select({ question: clarifications.question, sentAt: clarifications.sentAt }).from(clarifications)
    .where(and(eq(clarifications.applicationId, applicationId), eq(clarifications.criterion, criterion), isNotNull(clarifications.sentAt), isNull(clarifications.closedAt)))
  return row ?? null
}

async function attachedCriteria(db: Db, applicationId: string): Promise<Set<string>> {
  const rows = await db.selectDistinct({ criterion: documentCriteria.criterion }).from(documentCriteria).innerJoin(documents, eq(documents.id, documentCriteria.documentId))
    .where(and(eq(documentCriteria.applicationId, applicationId), not(tooOld)))
  return new Set(rows.map(({ criterion }) => criterion))
}
