import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { AnswerList, AnswerPage } from '../../schema/answer-shapes.ts'
import { applications } from '../../schema/applications.ts'
import type { Db } from '../adapters/database.ts'
import { headOf } from '../applications/case-as.ts'
import { findCase, type Case } from '../applications/case.ts'
import { japanDate } from '../domain/calendar.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { mayChangeAnswer } from '../domain/reopening.ts'
import { evidenceOf, reopenedCriteria } from '../evidence/queries.ts'
import type { Viewer } from '../http/viewer.ts'
import { criterionText, sectionOf } from '../standard/criterion-text.ts'
import { standardById } from '../standard/queries.ts'
import { openQuestion, progressOf, type Asked } from './queries.ts'

/** Every section with how far it is, and what this employer is spared. */
export async function answerList(db: Db, id: string, viewer: Viewer, now: Date): Promise<z.infer<typeof AnswerList> | Refusal> {
  const theCase = await findCase(db, id, viewer)
  if (isRefusal(theCase)) return theCase
  const { asked, spared, workers, answered, complete } = await progressOf(db, theCase, now)
  const mayChange = await changeable(db, theCase)
  const { content } = await standardById(db, theCase.standardId)
  const sections = content.sections.map(section => {
    const criteria = asked.filter(criterion => criterion.section === section.id).map(criterion => ({ ...criterion, answer: criterion.given?.answer ?? null }))
    return { ...section, all: criteria.length, complete: criteria.filter(({ state }) => state === 'complete').length, criteria }
  }).filter(({ all }) => all > 0)
  return {
    head: headOf(theCase, now), mayChange: asked.some(mayChange), all: asked.length, answered, complete, sections, spared, workers: Number.isFinite(workers) ? workers : null,
    micro: spared.some(({ because }) => because === 'micro_firm'), next: asked.find(criterion => criterion.state !== 'complete' && mayChange(criterion))?.id ?? null,
  }
}

/** One criterion: what is asked, why, what was answered and attached. */
export async function answerPage(db: Db, id: string, criterion: string, viewer: Viewer, now: Date): Promise<z.infer<typeof AnswerPage> | Refusal> {
  const theCase = await findCase(db, id, viewer)
  if (isRefusal(theCase)) return theCase
  const { asked, complete } = await progressOf(db, theCase, now)
  const place = asked.findIndex(candidate => candidate.id === criterion)
  const here = asked[place]
  const { content } = await standardById(db, theCase.standardId)
  const text = criterionText(content, criterion, japanDate(now))
  if (!here || !text) return { refused: 'not_found' }
  const mayChange = (await changeable(db, theCase))(here)
  const documents = await evidenceOf(db, id)
  return {
    head: headOf(theCase, now), section: sectionOf(content, here), criterion: text, needsDocument: here.needsDocument, state: here.state,
    place: place + 1, all: asked.length, complete, previous: asked[place - 1]?.id ?? null, next: asked[place + 1]?.id ?? null, mayChange,
    question: (await openQuestion(db, id, criterion))?.question ?? null,
    carried: await carriedAt(db, id, here.given?.answeredAt ?? null),
    answer: here.given ?? { answer: null, reason: '', explanation: '', version: 0 },
    documents: documents.filter(({ criteria }) => criteria.includes(criterion)),
    others: mayChange ? documents.filter(({ criteria }) => !criteria.includes(criterion)).map(({ id: value, name }) => ({ value, label: name })) : [],
  }
}

// An answer from before its case was opened came over from the last cycle.
async function carriedAt(db: Db, id: string, answeredAt: Date | null): Promise<Date | null> {
  const [row] = answeredAt ? await db.select({ openedAt: applications.openedAt }).from(applications).where(eq(applications.id, id)) : []
  return row && answeredAt && answeredAt < row.openedAt ? answeredAt : null
}

/** Which answers this viewer may change now. */
async function changeable(db: Db, theCase: Case): Promise<(criterion: Pick<Asked, 'id'>) => boolean> {
  if (!theCase.held.includes('applicant')) return () => false
  const reopened = await reopenedCriteria(db, theCase.id)
  return ({ id }) => mayChangeAnswer(theCase.stage, id, reopened)
}
