import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { BeginningForm } from '../../schema/visit-shapes.ts'
import { visits } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { perform } from '../applications/perform.ts'
import { japanDate } from '../domain/calendar.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { isOneOf, isSecret } from '../domain/visit-plan.ts'
import { record } from '../journal/record.ts'
import { land } from '../notebooks/land.ts'
import type { Change } from './plan.ts'
import { visitOf } from './queries.ts'

/** The team stands at the door: the case moves to the visit only now, so that nothing that its employer reads told of the day before. */
export async function beginVisit(tx: Db, { applicationId, viewer, body, now, requestId }: Change<z.infer<typeof BeginningForm>>): Promise<{ stage: string } | Refusal> {
  const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true })
  if (isRefusal(theCase)) return theCase
  const visit = await visitOf(tx, applicationId, { lock: true })
  if (!visit || !isSecret(visit)) return { refused: 'closed_for_changes' }
  if (!isOneOf(japanDate(now), visit)) return { refused: 'needs', missing: ['visit_day'] }
  const performed = await perform(tx, {
    applicationId, action: 'plan_visit', viewer, version: body.version, requestId, now, given: { visit_planned: true }, circumstances: { visitEndsOn: visit.endsOn },
    before: async () => { await tx.update(visits).set({ begunAt: now, version: visit.version + 1 }).where(eq(visits.id, visit.id)); return null },
  })
  if (isRefusal(performed)) return performed
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'visits.begin', applicationId, employerId: theCase.employerId, subjectId: visit.id, after: { startsOn: visit.startsOn, endsOn: visit.endsOn } })
  await land(tx, { ...theCase, stage: performed.stage }, { now, requestId }) // what a device brought home before the door
  return { stage: performed.stage }
}
