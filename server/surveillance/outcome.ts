import { sql } from 'drizzle-orm'
import { newId } from '../../schema/shared.ts'
import { surveillanceOutcomes } from '../../schema/surveillance.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { mayHaveBeenHeld } from '../domain/surveillance.ts'
import { escalate } from '../findings/escalate.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { mailOutcome } from './mail.ts'
import { watched } from './queries.ts'

type Outcome = { outcome: 'held'; onDay: string; result: 'conforms' | 'minor' | 'major' | 'zero_tolerance'; summary: string } | { outcome: 'called_off'; summary: string }
type Keeping = { certificateId: string; visitId: string; outcome: Outcome; viewer: Viewer; requestId: string; now: Date }

/** What became of a visit: the assessor who was there says that it was held, the secretariat that it was called off. Once; the public page counts it from then. */
export async function keepOutcome(tx: Db, { certificateId, visitId, outcome, viewer, requestId, now }: Keeping): Promise<{ outcomeId: string } | Refusal> {
  const role = outcome.outcome === 'held' ? 'assessor' as const : 'operator' as const
  const [row] = await watched(tx, viewer, sql`c.id = ${certificateId}`), visit = row?.visits.find(({ id }) => id === visitId)
  if (!row || !visit || (role === 'assessor' && !visit.mine)) return { refused: 'not_found' }
  const theCase = await findCaseAs(tx, row.applicationId, viewer, role, { lock: true })
  if (isRefusal(theCase)) return theCase // C3: not before their interests are declared
  if (visit.outcome) return { refused: 'already_decided' }
  const refused = outcome.outcome === 'held' ? mayHaveBeenHeld(outcome.onDay, { decidedOn: row.decidedOn, plannedOn: visit.plannedOn, today: viewer.today }) : null
  if (refused) return refused
  try {
    const outcomeId = newId()
    await within(tx, savepoint => savepoint.insert(surveillanceOutcomes).values({ id: outcomeId, visitId, ...outcome, recordedBy: viewer.personId, recordedAt: now }))
    const { summary: _, ...after } = outcome
    await record(tx, { personId: viewer.personId, role, requestId }, { operation: `surveillance.${outcome.outcome}`, applicationId: row.applicationId, employerId: row.employerId, subjectId: visitId, after })
    await mailOutcome(tx, row, visit, outcome)
    if (outcome.outcome === 'held') await escalate(tx, theCase, { visitedOn: outcome.onDay, personId: viewer.personId, requestId, now }) // a minor open at the next visit is major
    return { outcomeId }
  } catch (error) {
    if (violatedConstraint(error) === 'surveillance_has_one_outcome') return { refused: 'already_decided' }
    throw error
  }
}
