import type { z } from 'zod'
import type { StepForm } from '../../schema/finding-shapes.ts'
import { findingSteps } from '../../schema/findings.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { actors, type FindingAct } from '../domain/duties.ts'
import { findingStages } from '../domain/findings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import { setNextDue } from './due.ts'
import { findFinding } from './find.ts'
import type { Finding } from './queries.ts'
import type { FindingChange } from './respond.ts'

/** What zero tolerance asks for beside the answer, that nobody has done yet and this reader may do. */
export const stepsFor = ({ duties, superseded, open }: Finding, { held, stage }: Pick<Case, 'held' | 'stage'>): FindingAct[] =>
  (Object.keys(actors) as FindingAct[]).filter(step => !superseded && open && findingStages.includes(stage) && held.includes(actors[step]) && duties.some(({ what, met }) => what === step && !met))

/** The grading table, zero tolerance: the alert taken note of (24 h), the worker-protection plan (72 h), the containment (7 d). Each once, in words. */
export async function takeStep(tx: Db, { findingId, viewer, body, now, requestId }: FindingChange<z.infer<typeof StepForm>>): Promise<{ stepId: string } | Refusal> {
  const found = await findFinding(tx, findingId, viewer, { lock: true })
  if (isRefusal(found)) return found
  const { theCase, finding } = found, { step, words } = body
  if (!theCase.held.includes(actors[step])) return { refused: 'not_your_step' }
  if (!stepsFor(finding, theCase).includes(step)) return { refused: finding.superseded || !findingStages.includes(theCase.stage) ? 'closed_for_changes' : 'no_such_step' }
  const [row] = await tx.insert(findingSteps).values({ findingId, step, words, takenBy: viewer.personId, takenAt: now }).returning({ id: findingSteps.id })
  if (!row) throw new Error('the step just taken is not there')
  await record(tx, { personId: viewer.personId, role: actors[step], requestId }, { operation: 'findings.take_step', applicationId: theCase.id, employerId: theCase.employerId, subjectId: findingId, after: { step } })
  await setNextDue(tx, theCase)
  return { stepId: row.id }
}
