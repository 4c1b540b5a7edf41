import type { z } from 'zod'
import type { ClosingForm, ReopeningForm } from '../../schema/visit-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { perform } from '../applications/perform.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { findingsOf } from '../findings/queries.ts'
import { record } from '../journal/record.ts'
import type { Change } from './plan.ts'

// ISO/IEC 17021-1 9.4.2, 9.4.7: closing needs both meetings as the record of the day tells them (its form demands both; `visit_recorded` in the lifecycle demands the record).
// The table of meetings holds attendance and disagreements, each as often as it was held or put right; it is not asked for once more here.
/** The visit is over: the case goes to correction, due when the employer first owes something about a finding. */
export async function closeVisit(tx: Db, { applicationId, viewer, body, now, requestId }: Change<z.infer<typeof ClosingForm>>): Promise<{ stage: string } | Refusal> {
  const findingDues = (await findingsOf(tx, applicationId)).flatMap(({ employerDue }) => employerDue ?? [])
  const performed = await perform(tx, { applicationId, action: 'close_visit', viewer, version: body.version, requestId, now, circumstances: { findingDues } })
  return isRefusal(performed) ? performed : { stage: performed.stage }
}

/** Back on site, with reasons: interviews that the voice gate still needs, a place that was not seen. What was recorded stays. */
export async function reopenVisit(tx: Db, { applicationId, viewer, body, now, requestId }: Change<z.infer<typeof ReopeningForm>>): Promise<{ stage: string } | Refusal> {
  const performed = await perform(tx, { applicationId, action: 'reopen_visit', viewer, version: body.version, requestId, now, given: { reasons_given: true } })
  if (isRefusal(performed)) return performed
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'visits.reopen', applicationId, employerId: performed.theCase.employerId, after: { reasons: body.reasons } })
  return { stage: performed.stage }
}
