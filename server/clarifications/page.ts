import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { answers } from '../../schema/applications.ts'
import type { ClarificationsPage } from '../../schema/clarification-forms.ts'
import type { Db } from '../adapters/database.ts'
import { findCase, type Case } from '../applications/case.ts'
import { headOf } from '../applications/case-as.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById } from '../standard/queries.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { questionsOf, type Question } from './queries.ts'

type Page = z.infer<typeof ClarificationsPage>
type Words = Page['criteria'][number]

/** The questions of a case, as this viewer may see them: the employer never sees what is only drafted. `chosen` preselects a criterion to ask about. */
export async function clarificationsPage(db: Db, id: string, viewer: Viewer, now: Date, chosen: string | null = null): Promise<Page | Refusal> {
  const theCase = await findCase(db, id, viewer)
  if (isRefusal(theCase)) return theCase
  const side = sideOf(theCase)
  if (!side) return { refused: 'not_found' }
  const words = await wordsOf(db, theCase.standardId)
  const questions = (await questionsOf(db, id)).map(question => told(question, words))
  const open = questions.filter(({ sentAt, closedAt }) => sentAt && !closedAt)
  const given = new Map((await db.select({ criterion: answers.criterion, answer: answers.answer, explanation: answers.explanation }).from(answers).where(eq(answers.applicationId, id)))
    .map(({ criterion, ...answer }) => [criterion, answer]))
  const mayAsk = side === 'asks' && theCase.stage === 'desk_review'
  const busy = new Set(questions.filter(({ closedAt }) => !closedAt).map(({ criterion }) => criterion.id))
  const criteria = mayAsk ? (await criteriaFor(db, theCase, now)).filter(criterion => !busy.has(criterion.id)).map(({ id, titleJa, titleEn }) => ({ id, titleJa, titleEn })) : []
  return {
    application: headOf(theCase, now), side, mayAsk, mayReply: side === 'answers' && theCase.stage === 'clarifying',
    drafts: side === 'asks' ? questions.filter(({ sentAt }) => !sentAt) : [],
    open: open.map(question => ({ ...question, answer: given.get(question.criterion.id) ?? null })), replied: open.filter(({ reply }) => reply !== '').length,
    rounds: roundsOf(questions), criteria, chosen: criteria.some(criterion => criterion.id === chosen) ? chosen : null,
  }
}

// A decision maker reads the sealed dossier, not the correspondence.
function sideOf({ held, declared }: Case): Page['side'] | null {
  if (held.includes('applicant')) return 'answers'
  if (held.includes('assessor') && declared) return 'asks'
  return held.includes('operator') ? 'reads' : null
}

async function wordsOf(db: Db, standardId: string): Promise<Map<string, Words>> {
  const { criteria } = (await standardById(db, standardId)).content
  return new Map(criteria.map(({ id, titleJa, titleEn }) => [id, { id, titleJa, titleEn }]))
}

// When it was replied stands for the reply's version: a reply that has moved on since is not written over.
function told({ criterion, ...question }: Question, words: Map<string, Words>): Page['drafts'][number] {
  return { ...question, criterion: words.get(criterion) ?? { id: criterion, titleJa: criterion, titleEn: criterion }, version: question.repliedAt?.getTime() ?? 0 }
}

/** Rounds that came back, newest first. The questions of a round are sent and handed back in one moment each. */
function roundsOf(questions: Page['drafts']): Page['rounds'] {
  const rounds = Map.groupBy(questions.filter(({ closedAt }) => closedAt), ({ sentAt }) => sentAt?.getTime())
  return [...rounds.values()].flatMap(([first, ...rest]) => (first?.sentAt && first.closedAt ? [{ sentAt: first.sentAt, closedAt: first.closedAt, questions: [first, ...rest] }] : [])).reverse()
}
