import { inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { FindingPage } from '../../schema/finding-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { appealOf } from '../appeals/subject.ts'
import { headOf } from '../applications/case-as.ts'
import { findingStages, mayRespond, mayReview, reviewsOf } from '../domain/findings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById } from '../standard/queries.ts'
import { documentsOf, mayAttach } from './documents.ts'
import { findFinding } from './find.ts'
import { leftUntil, lineOf } from './line.ts'
import { viewAs } from './pages.ts'
import type { Finding } from './queries.ts'

type Page = z.infer<typeof FindingPage>

/** One finding with its whole story, and what this reader may do about it now. */
export async function findingPage(db: Db, findingId: string, viewer: Viewer, now: Date): Promise<Page | Refusal> {
  const found = await findFinding(db, findingId, viewer)
  if (isRefusal(found)) return found
  const { theCase, finding, all } = found
  const { content: { criteria } } = await standardById(db, theCase.standardId)
  const { requirementJa = '', requirementEn = '' } = criteria.find(({ id }) => id === finding.criterion) ?? {}
  const standing = { ...finding, stage: theCase.stage, held: theCase.held }
  const latest = finding.responses.at(-1) ?? null
  const outcomes = latest ? reviewsOf[latest.done] : []
  const isAssessor = theCase.held.includes('assessor')
  return {
    appeal: theCase.held.includes('applicant') ? await appealOf(db, 'finding', findingId, { employerId: viewer.employerId, now }) : null,
    head: headOf(theCase, now), viewer: viewAs(theCase), finding: lineOf(finding, criteria, now), evidenceReference: finding.evidenceReference, requirementJa, requirementEn,
    supersedes: finding.supersedes, supersededBy: all.find(({ supersedes }) => supersedes === findingId)?.id ?? null,
    dues: duesOf(finding, now), entries: await entriesOf(db, finding), documents: await documentsOf(db, findingId),
    mayRespond: !isRefusal(mayRespond(standing)), mayAttach: theCase.held.includes('applicant') && mayAttach(finding, theCase.stage),
    mayReview: outcomes.some(outcome => !isRefusal(mayReview({ ...standing, done: latest?.done ?? null }, outcome))), outcomes: [...outcomes],
    maySupersede: isAssessor && !finding.superseded && findingStages.includes(theCase.stage),
    draft: { cause: latest?.cause ?? '', correction: latest?.correction ?? '', correctiveAction: latest?.correctiveAction ?? '' }, // an answer goes on from the last one
    latest: latest && { id: latest.id, done: latest.done, cause: latest.cause, correction: latest.correction, correctiveAction: latest.correctiveAction },
  }
}

// A date is met by what it asks for: a plan by the answer, containment and evidence by a report of done, verification by the assessor's word.
function duesOf(finding: Finding, now: Date): Page['dues'] {
  const isAnswered = finding.state !== 'raised' && (finding.state !== 'returned' || finding.planAccepted)
  const isDone = finding.state === 'verified' || (finding.state === 'answered' && finding.responses.at(-1)?.done === 'done')
  const table = [
    ['protection_plan', finding.protectionPlanDue, isAnswered], ['plan', finding.planDue, isAnswered], ['containment', finding.containmentDue, isDone],
    ['evidence', finding.evidenceDue, isDone], ['verified', finding.verifiedDue, finding.state === 'verified'],
  ] as const
  return table.flatMap(([what, at, met]) => {
    if (!at) return []
    const { daysLeft, daysLate, overdue } = leftUntil(at, now)
    return [{ what, at, met, overdue: overdue && !met, daysLeft: daysLeft ?? 0, daysLate }]
  })
}

async function entriesOf(db: Db, { responses, reviews }: Finding): Promise<Page['entries']> {
  const ids = [...responses.map(({ respondedBy }) => respondedBy), ...reviews.map(({ reviewedBy }) => reviewedBy)]
  const names = ids.length > 0 ? await db.select({ id: people.id, name: people.name }).from(people).where(inArray(people.id, ids)) : []
  const nameOf = (id: string) => names.find(person => person.id === id)?.name ?? ''
  const told = [
    ...responses.map(({ respondedAt, respondedBy, done, cause, correction, correctiveAction }) =>
      ({ kind: 'response' as const, at: respondedAt, who: nameOf(respondedBy), outcome: done as string, note: '', cause, correction, correctiveAction })),
    ...reviews.map(({ reviewedAt, reviewedBy, outcome, note }) =>
      ({ kind: 'review' as const, at: reviewedAt, who: nameOf(reviewedBy), outcome: outcome as string, note, cause: '', correction: '', correctiveAction: '' })),
  ]
  return told.toSorted((one, other) => other.at.getTime() - one.at.getTime() || Number(other.kind === 'review') - Number(one.kind === 'review'))
}
