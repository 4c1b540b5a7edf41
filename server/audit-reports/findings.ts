import { findingState } from '../domain/findings.ts'
import { grades, type Grade } from '../domain/grading.ts'
import type { Standard } from '../standard/queries.ts'
import type { SealedFile } from './sealed.ts'

export type Reported = ReturnType<typeof findingsIn>[number]

/** The findings that held when the file was sealed, the gravest first, each with where it stood then, what the employer answered, and its law and clause (C9). */
export function findingsIn(file: SealedFile, { content }: Standard) {
  const all = file.of('findings'), responses = file.of('responses'), reviews = file.of('reviews'), closures = file.of('closures')
  const holding = all.filter(({ id }) => !all.some(({ supersedes }) => supersedes === id)).toSorted((one, other) => rank(one.grade) - rank(other.grade) || one.criterion.localeCompare(other.criterion, 'en', { numeric: true }) || one.raised_at.localeCompare(other.raised_at))
  return holding.map(({ id, criterion, grade, statement, evidence_reference: evidence, verified_due: verifiedDue }) => {
    const response = responses.filter(({ finding_id }) => finding_id === id).toSorted((one, other) => one.responded_at.localeCompare(other.responded_at)).at(-1) ?? null
    const review = reviews.filter(({ response_id }) => response_id === response?.id).toSorted((one, other) => one.reviewed_at.localeCompare(other.reviewed_at)).at(-1) ?? null
    const closure = closures.find(({ review_id }) => review_id === review?.id)?.outcome ?? null
    const known = content.criteria.find(one => one.id === criterion)
    return {
      criterion, grade, statement, evidence, verifiedDue, titleJa: known?.titleJa ?? criterion, titleEn: known?.titleEn ?? criterion,
      state: grade === 'observation' ? 'observation' as const : findingState({ grade, superseded: false, response, review: review?.outcome ?? null, closure }),
      response: response && { cause: response.cause, correction: response.correction, correctiveAction: response.corrective_action },
      laws: (known?.legalBasis ?? []).map(({ law, article }) => ({ nameJa: content.laws[law]?.ja ?? law, nameEn: content.laws[law]?.en ?? law, article })),
    }
  })
}

const rank = (grade: Grade) => grades.indexOf(grade)
