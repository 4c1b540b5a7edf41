import type { z } from 'zod'
import type { BenchCriterion } from '../../schema/assessment-forms.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import { criteriaFor, type Criterion } from '../applications/criteria.ts'
import { questionsAbout } from '../clarifications/queries.ts'
import { doubtsAbout, mayRateIn } from '../domain/desk-review.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById, type Standard } from '../standard/queries.ts'
import { dossierOf } from './queries.ts'

type Page = z.infer<typeof BenchCriterion>

/** One criterion with everything said and shown about it, beside the rating. */
export async function benchCriterion(db: Db, { id, criterion }: { id: string; criterion: string }, viewer: Viewer, now: Date): Promise<Page | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'assessor')
  if (isRefusal(theCase)) return theCase
  const criteria = await criteriaFor(db, theCase, now)
  const standard = await standardById(db, theCase.standardId)
  const place = criteria.findIndex(asked => asked.id === criterion)
  const asked = criteria[place]
  if (!asked) return { refused: 'not_found' }
  const { answer, rating, attached } = await dossierOf(db, id, criterion)
  const questions = await questionsAbout(db, id, criterion)
  const drafted = questions.find(({ sentAt }) => !sentAt)
  const replyToRead = questions.some(({ closedAt }) => closedAt !== null && (!rating || closedAt > rating.at))
  return {
    application: headOf(theCase, now), open: mayRateIn(theCase.stage), mayAsk: theCase.stage === 'desk_review',
    criterion: tell(asked, standard), answer, rating: rating && { rating: rating.rating, note: rating.note, by: rating.by, at: rating.at }, version: rating?.version ?? 0,
    documents: attached.map(document => ({ ...document, image: canBeDrawn(document) })),
    thread: questions.filter(({ sentAt }) => sentAt), draft: drafted ? { question: drafted.question, mine: drafted.askedBy === viewer.personId } : null,
    doubts: doubtsAbout({ criticality: asked.criticality, needsDocument: asked.needsDocument, answer: answer?.answer ?? null, documents: attached.length, replyToRead }),
    previous: criteria[place - 1]?.id ?? null, next: criteria[place + 1]?.id ?? null,
  }
}

/** The criterion in words, with the law in force on this day in Japan. */
function tell({ id, section, titleJa, titleEn, requirementJa, requirementEn, criticality, evidence, methods, law }: Criterion, { content }: Standard): Page['criterion'] {
  const { acceptanceNote = null } = content.criteria.find(one => one.id === id) ?? {}
  return {
    id, section, titleJa, titleEn, requirementJa, requirementEn, criticality, evidence, acceptanceNote, methods,
    law: law.map(({ law: key, article, effectiveFrom = null, verify }) => ({ law: key, nameJa: content.laws[key]?.ja ?? key, nameEn: content.laws[key]?.en ?? key, article, effectiveFrom, verify })),
  }
}

// What every browser draws by itself; the bytes come through /documents/:id, which knows who may read them and refuses what the scanner refused.
const canBeDrawn = ({ type, scan }: { type: string; scan: string }) => /^image\/(jpeg|png|webp)$/.test(type) && scan !== 'infected' && scan !== 'pending' && scan !== 'error'
