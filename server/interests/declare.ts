import type { z } from 'zod'
import { interestDeclarations } from '../../schema/assessments.ts'
import type { InterestsForm } from '../../schema/interest-forms.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { perform } from '../applications/perform.ts'
import { mayAssess } from '../domain/independence.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { writeOnce } from '../http/once.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { ownAssignment } from './queries.ts'

type Declaration = z.infer<typeof InterestsForm> & { applicationId: string; requestId: string }
type Outcome = { free: boolean; stage: Stage | null }

/**
 * C3: declared before anything of the case is seen, and again when a year has passed. A tie keeps the declaration and takes the case away from this
 * person; free of ties, the first assessor to declare begins the review. `stage` is null when the case is gone.
 */
export function declareInterests(db: Db, viewer: Viewer, { applicationId, once, requestId, statement, ...answers }: Declaration, now: Date): Promise<Outcome | Refusal> {
  return writeOnce<Outcome>(db, { once, personId: viewer.personId }, async tx => {
    const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true, undeclared: true })
    if (isRefusal(theCase)) return theCase
    const own = await ownAssignment(tx, applicationId, viewer)
    if (!own || own.holds) return { refused: 'already_exists' }
    const { family_tie: familyTie, financial_tie: financialTie, ...within24Months } = answers
    await tx.insert(interestDeclarations).values({ assignmentId: own.assignmentId, applicationId, personId: viewer.personId, ...within24Months, familyTie, financialTie, statement, declaredAt: now })
    const judged = mayAssess(answers)
    const ties = isRefusal(judged) ? judged.missing : []
    await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'interests.declare', applicationId, employerId: theCase.employerId, subjectId: own.assignmentId, after: { ties } })
    if (isRefusal(judged)) return { free: false, stage: null }
    if (theCase.stage !== 'accepted') return { free: true, stage: theCase.stage }
    const begun = await perform(tx, { applicationId, action: 'begin_review', viewer, requestId, now })
    return isRefusal(begun) ? begun : { free: true, stage: begun.stage }
  })
}
