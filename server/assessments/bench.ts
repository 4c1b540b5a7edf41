import type { z } from 'zod'
import { ratingValues } from '../../schema/assessments.ts'
import type { Bench } from '../../schema/assessment-forms.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import { criteriaFor, type Criterion } from '../applications/criteria.ts'
import { byDoubt, doubtsAbout, mayRateIn, type Claimed } from '../domain/desk-review.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById } from '../standard/queries.ts'
import { placesOf } from './places.ts'
import { materialOf, type Material } from './queries.ts'

type Page = z.infer<typeof Bench>

/** The whole desk review at a glance: what is rated, section by section, and what deserves the first look. */
export async function bench(db: Db, id: string, viewer: Viewer, now: Date): Promise<Page | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'assessor')
  if (isRefusal(theCase)) return theCase
  const criteria = await criteriaFor(db, theCase, now)
  const material = await materialOf(db, id)
  const rows = criteria.map(criterion => ({ section: criterion.section, claimed: claimedIn(criterion, material), row: rowOf(criterion, material) }))
  const unrated = rows.filter(({ row }) => row.rating === null)
  const { sections } = (await standardById(db, theCase.standardId)).content
  return {
    application: headOf(theCase, now), open: mayRateIn(theCase.stage), all: rows.length, rated: rows.length - unrated.length,
    ratings: ratingValues.map(rating => ({ rating, count: rows.filter(({ row }) => row.rating === rating).length })),
    doubtful: unrated.filter(({ row }) => row.doubts.length > 0).toSorted((one, other) => byDoubt(one.claimed, other.claimed)).map(({ row }) => row),
    sections: sections.map(({ id: section, titleJa, titleEn }) => {
      const own = rows.filter(row => row.section === section).map(({ row }) => row)
      return { id: section, titleJa, titleEn, rated: own.filter(({ rating }) => rating).length, rows: own }
    }).filter(section => section.rows.length > 0),
    drafted: material.asked.filter(({ sentAt }) => !sentAt).length,
    next: nextToRate(criteria, material), ...await placesOf(db, id, viewer),
  }
}

/** The criterion to rate next: of those not yet rated, the one to doubt most; `but` the one that is being looked at. */
export function nextToRate(criteria: readonly Criterion[], material: Material, but?: string): string | null {
  const unrated = criteria.filter(({ id }) => id !== but && !material.rated.has(id)).map(criterion => ({ id: criterion.id, claimed: claimedIn(criterion, material) }))
  return unrated.toSorted((one, other) => byDoubt(one.claimed, other.claimed))[0]?.id ?? null
}

/** What the employer claims about a criterion, as the rules of doubt read it. A reply counts as unread until the criterion is rated after it. */
function claimedIn({ id, criticality, needsDocument }: Criterion, { given, rated, attached, asked }: Material): Claimed {
  const ratedAt = rated.get(id)?.at
  const replyToRead = asked.some(({ criterion, closedAt }) => criterion === id && closedAt !== null && (!ratedAt || closedAt > ratedAt))
  return { criticality, needsDocument, answer: given.get(id)?.answer ?? null, documents: attached.get(id)?.documents ?? 0, replyToRead }
}

function rowOf(criterion: Criterion, material: Material): Page['doubtful'][number] {
  const { id, titleJa, titleEn, criticality } = criterion
  const claimed = claimedIn(criterion, material)
  return {
    criterion: id, titleJa, titleEn, criticality, answer: claimed.answer, documents: claimed.documents, doubts: doubtsAbout(claimed),
    asked: material.asked.some(question => question.criterion === id && !question.closedAt), rating: material.rated.get(id)?.rating ?? null,
  }
}
