import type { z } from 'zod'
import type { AppealForm } from '../../schema/appeal-shapes.ts'
import { appeals } from '../../schema/appeals.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import type { AppealSubject } from '../domain/appeals.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { mailFiled } from './mail.ts'
import { filing, subjectOf } from './subject.ts'

type Filed = { subject: AppealSubject; subjectId: string; form: z.infer<typeof AppealForm>; viewer: Viewer; requestId: string; now: Date }

/** C18: the client appeals. Nothing changes by it: neither stage nor standing. The secretariat and the client hear of it. */
export async function fileAppeal(tx: Db, { subject, subjectId, form: { grounds }, viewer, requestId, now }: Filed): Promise<{ appealId: string } | Refusal> {
  const about = await subjectOf(tx, subject, subjectId)
  if (!about || about.employerId !== viewer.employerId) return { refused: 'not_found' }
  const open = await filing(tx, about, viewer.employerId, now)
  if (isRefusal(open)) return open
  const against = { decisionId: subject === 'decision' ? subjectId : null, standingDecisionId: subject === 'standing_decision' ? subjectId : null, findingId: subject === 'finding' ? subjectId : null, certificateEventId: subject === 'clock' ? subjectId : null }
  try {
    const [kept] = await within(tx, savepoint => savepoint.insert(appeals).values({ applicationId: about.applicationId, ...against, grounds, filedBy: viewer.personId, filedAt: now }).returning({ id: appeals.id }))
    if (!kept) throw new Error('the appeal just filed is not there')
    await record(tx, { personId: viewer.personId, role: 'applicant', requestId }, {
      operation: 'appeals.file', applicationId: about.applicationId, employerId: about.employerId, subjectId: kept.id, after: { matter: about.matter, against: subjectId },
    })
    await mailFiled(tx, about, kept.id, { filedAt: now, decideWithinDays: open.decideWithinDays })
    return { appealId: kept.id }
  } catch (error) {
    const other = refusedBy[violatedConstraint(error) ?? '']
    if (!other) throw error
    return { refused: other } // two at once, or the case moved on in between
  }
}

const refusedBy: Record<string, 'already_exists' | 'appeal_too_late' | 'closed_for_changes'> = {
  one_appeal_per_decision: 'already_exists', one_appeal_per_standing_decision: 'already_exists', one_appeal_per_finding: 'already_exists', one_appeal_per_event: 'already_exists', appeal_is_in_time: 'appeal_too_late', appeal_is_against_its_case: 'closed_for_changes',
}
