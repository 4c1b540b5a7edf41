import type { z } from 'zod'
import type { ResponseForm } from '../../schema/finding-shapes.ts'
import { findingResponses } from '../../schema/findings.ts'
import type { Db } from '../adapters/database.ts'
import { mayRespond } from '../domain/findings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import type { Change } from '../visits/plan.ts'
import { setNextDue } from './due.ts'
import { findFinding } from './find.ts'

type On<Body> = Omit<Change<Body>, 'applicationId'> & { findingId: string }
export type FindingChange<Body> = On<Body>

/** C9: the employer's cause, correction and corrective action. A better answer is a new one beside the old. */
export async function respond(tx: Db, { findingId, viewer, body, now, requestId }: On<z.infer<typeof ResponseForm>>): Promise<{ responseId: string } | Refusal> {
  const found = await findFinding(tx, findingId, viewer, { lock: true })
  if (isRefusal(found)) return found
  const { theCase, finding } = found
  if ((finding.responses.at(-1)?.id ?? '') !== body.after) return { refused: 'stale' }
  const may = mayRespond({ ...finding, stage: theCase.stage, held: theCase.held })
  if (isRefusal(may)) return may
  const { cause, correction, correctiveAction, done } = body
  const [row] = await tx.insert(findingResponses).values({ findingId, cause, correction, correctiveAction, done, respondedBy: viewer.personId, respondedAt: now }).returning({ id: findingResponses.id })
  if (!row) throw new Error('the response just written is not there')
  await record(tx, { personId: viewer.personId, role: 'applicant', requestId }, {
    operation: 'findings.respond', applicationId: theCase.id, employerId: theCase.employerId, subjectId: findingId, before: { state: finding.state }, after: { done },
  })
  await setNextDue(tx, theCase)
  return { responseId: row.id }
}
