import type { z } from 'zod'
import type { BenchCriterion, CriterionOf, documentViews } from '../../schema/assessment-forms.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import { criteriaFor, type Criterion } from '../applications/criteria.ts'
import { questionsAbout } from '../clarifications/queries.ts'
import { lawOn } from '../domain/applicability.ts'
import { japanDate, type CalendarDate } from '../domain/calendar.ts'
import { doubtsAbout, mayRateIn } from '../domain/desk-review.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { kindOfType, type FileKind } from '../http/uploads/kinds.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById, type Standard } from '../standard/queries.ts'
import { nextToRate } from './bench.ts'
import { earlierOf, marksOf } from './marks.ts'
import { placesOf } from './places.ts'
import { dossierOf, materialOf } from './queries.ts'

type Page = z.infer<typeof BenchCriterion>

/** One criterion with everything said and shown about it, beside the rating. */
export async function benchCriterion(db: Db, { id, criterion }: z.infer<typeof CriterionOf>, viewer: Viewer, now: Date, on: CalendarDate = japanDate(now)): Promise<Page | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'assessor')
  if (isRefusal(theCase)) return theCase
  const criteria = await criteriaFor(db, theCase, now)
  const standard = await standardById(db, theCase.standardId)
  const place = criteria.findIndex(asked => asked.id === criterion)
  const asked = criteria[place]
  if (!asked) return { refused: 'not_found' }
  const { answer, attached } = await dossierOf(db, id, criterion)
  const [current, ...marks] = await marksOf(db, id, criterion, viewer)
  const { colleagues } = await placesOf(db, id, viewer)
  const questions = await questionsAbout(db, id, criterion)
  const drafted = questions.find(({ sentAt }) => !sentAt)
  const replyToRead = questions.some(({ closedAt }) => closedAt !== null && (!current || closedAt > current.at))
  return {
    application: headOf(theCase, now), open: mayRateIn(theCase.stage), mayAsk: theCase.stage === 'desk_review',
    criterion: tell(asked, standard, on), answer, rating: current ?? null, version: current?.version ?? 0, marks, earlier: await earlierOf(db, theCase, criterion), colleagues,
    documents: attached.map(shownAs),
    thread: questions.filter(({ sentAt }) => sentAt), draft: drafted ? { question: drafted.question, mine: drafted.askedBy === viewer.personId } : null,
    doubts: doubtsAbout({ criticality: asked.criticality, needsDocument: asked.needsDocument, answer: answer?.answer ?? null, documents: attached.filter(({ tooOld }) => !tooOld).length, replyToRead }),
    previous: criteria[place - 1]?.id ?? null, next: criteria[place + 1]?.id ?? null, doubtful: nextToRate(criteria, await materialOf(db, id), criterion),
  }
}

/** The criterion in words, with the law in force on a day in Japan: today, or the day of the facts that are judged. */
export function tell({ id, section, titleJa, titleEn, requirementJa, requirementEn, criticality, evidence, methods }: Criterion, { content }: Standard, on: CalendarDate): Page['criterion'] {
  const { acceptanceNote = null, legalBasis = [] } = content.criteria.find(one => one.id === id) ?? {}
  const { inForce, later } = lawOn(legalBasis, on)
  const told = (lines: typeof inForce) => lines.map(({ law: key, article, effectiveFrom = null, verify }) => ({ law: key, nameJa: content.laws[key]?.ja ?? key, nameEn: content.laws[key]?.en ?? key, article, effectiveFrom, verify }))
  return { id, section, titleJa, titleEn, requirementJa, requirementEn, criticality, evidence, acceptanceNote, methods, lawOn: on, law: told(inForce), lawLater: told(later) }
}

// What every browser draws by itself, pdf.js, and what is shown as a table; the bytes come through /documents/:id, which knows who may read them and refuses what the scanner refused.
const views: Partial<Record<FileKind, (typeof documentViews)[number]>> = { pdf: 'pdf', jpeg: 'image', png: 'image', webp: 'image', xlsx: 'table', csv: 'table' }

export function shownAs<Attached extends { type: string; scan: string }>(document: Attached) {
  const kind = document.scan === 'clean' || document.scan === 'unscanned' ? kindOfType(document.type) : undefined
  const view = (kind && views[kind]) ?? null
  return { ...document, image: view === 'image', view }
}
