import type { z } from 'zod'
import type { FindingPage } from '../../schema/finding-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { appealOf } from '../appeals/subject.ts'
import { headOf } from '../applications/case-as.ts'
import { findingStages, mayClose, mayRespond, mayReview, outcomesFor } from '../domain/findings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById } from '../standard/queries.ts'
import { hasSigned } from './close.ts'
import { documentsOf, mayAttach } from './documents.ts'
import { findFinding } from './find.ts'
import { leftUntil, lineOf } from './line.ts'
import { viewAs } from './pages.ts'
import type { Finding } from './queries.ts'
import { effectFromOf } from './review.ts'
import { entriesOf } from './story.ts'
import { stepsFor } from './steps.ts'

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
  const outcomes = outcomesFor({ state: finding.state, done: latest?.done ?? null }), effectFrom = effectFromOf(finding)
  const isAssessor = theCase.held.includes('assessor')
  return {
    appeal: theCase.held.includes('applicant') ? await appealOf(db, 'finding', findingId, { employerId: viewer.employerId, now }) : null,
    head: headOf(theCase, now), viewer: viewAs(theCase), finding: lineOf(finding, criteria, now), evidenceReference: finding.evidenceReference, requirementJa, requirementEn,
    supersedes: finding.supersedes, supersededBy: all.find(({ supersedes }) => supersedes === findingId)?.id ?? null,
    dues: duesOf(finding, now), entries: await entriesOf(db, finding), documents: await documentsOf(db, findingId),
    mayRespond: !isRefusal(mayRespond(standing)), mayAttach: theCase.held.includes('applicant') && mayAttach(finding, theCase.stage),
    mayReview: outcomes.some(outcome => !isRefusal(mayReview({ ...standing, done: latest?.done ?? null, effectFrom }, outcome, now))), outcomes: [...outcomes],
    held: finding.held, steps: stepsFor(finding, theCase), ...closingOf(finding, !isRefusal(mayClose(standing)), viewer), effectUntil: finding.duties.find(({ what, met }) => what === 'effectiveness' && !met)?.at ?? null,
    maySupersede: isAssessor && !finding.superseded && findingStages.includes(theCase.stage),
    draft: { cause: latest?.cause ?? '', correction: latest?.correction ?? '', correctiveAction: latest?.correctiveAction ?? '' }, // an answer goes on from the last one
    latest: latest && { id: latest.id, done: latest.done, cause: latest.cause, correction: latest.correction, correctiveAction: latest.correctiveAction },
  }
}

// What those who decide look at, and whether one of them, or this reader, has signed already.
function closingOf(finding: Finding, may: boolean, { personId }: Viewer): Pick<Page, 'mayClose' | 'closingSigned' | 'closingSignedByMe' | 'verified'> {
  const verified = finding.state === 'second_look' ? finding.reviews.at(-1) ?? null : null, signedByMe = hasSigned(finding, personId)
  return { mayClose: may && !signedByMe, closingSigned: finding.closings.some(({ reviewId }) => reviewId === verified?.id), closingSignedByMe: signedByMe, verified }
}

// A date is met by what it asks for (domain/duties.ts).
const duesOf = ({ duties }: Finding, now: Date): Page['dues'] => duties.map(({ what, who, at, met }) => {
  const { daysLeft, daysLate, overdue } = leftUntil(at, now)
  return { what, who, at, met, overdue: overdue && !met, daysLeft: daysLeft ?? 0, daysLate }
})
