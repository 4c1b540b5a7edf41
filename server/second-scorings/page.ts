import type { z } from 'zod'
import type { SecondCriterion, SecondScoring } from '../../schema/second-scoring-forms.ts'
import type { Db } from '../adapters/database.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { shownAs, tell } from '../assessments/criterion.ts'
import { dossierOf } from '../assessments/queries.ts'
import { japanDate, type CalendarDate } from '../domain/calendar.ts'
import { doubtsAbout } from '../domain/desk-review.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById } from '../standard/queries.ts'
import { marksIn, scoringOf } from './queries.ts'

/** One scoring: nothing of the file before the declaration (C3), and never a mark, question or note of the first assessor. */
export async function scoringPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<z.infer<typeof SecondScoring> | Refusal> {
  const scoring = await scoringOf(db, id, viewer)
  if (!scoring) return { refused: 'not_found' }
  if (!scoring.declaredAt) return { scoring, all: 0, next: null, rows: [] }
  const criteria = await criteriaFor(db, scoring, now)
  const marks = new Map((await marksIn(db, id)).map(mark => [mark.criterion, mark.rating]))
  const rows = criteria.map(({ id: criterion, titleJa, titleEn }) => ({ criterion, titleJa, titleEn, rating: marks.get(criterion) ?? null }))
  return { scoring, all: rows.length, next: rows.find(({ rating }) => rating === null)?.criterion ?? null, rows }
}

/** A criterion as the second scorer reads it: what the employer says and shows. */
export async function scoringCriterion(db: Db, { id, criterion }: { id: string; criterion: string }, viewer: Viewer, now: Date, on: CalendarDate = japanDate(now)): Promise<z.infer<typeof SecondCriterion> | Refusal> {
  const scoring = await scoringOf(db, id, viewer)
  if (!scoring) return { refused: 'not_found' }
  if (!scoring.declaredAt) return { refused: 'interests_not_declared' }
  const criteria = await criteriaFor(db, scoring, now)
  const place = criteria.findIndex(one => one.id === criterion), asked = criteria[place]
  if (!asked) return { refused: 'not_found' }
  const { answer, attached } = await dossierOf(db, scoring.applicationId, criterion)
  const mark = (await marksIn(db, id)).find(one => one.criterion === criterion)
  return {
    scoring, open: scoring.finishedAt === null, criterion: tell(asked, await standardById(db, scoring.standardId), on), answer, documents: attached.map(shownAs),
    doubts: doubtsAbout({ criticality: asked.criticality, needsDocument: asked.needsDocument, answer: answer?.answer ?? null, documents: attached.length, replyToRead: false }),
    rating: mark ? { rating: mark.rating, note: mark.note } : null, previous: criteria[place - 1]?.id ?? null, next: criteria[place + 1]?.id ?? null,
  }
}
