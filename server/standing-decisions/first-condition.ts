import { and, eq, isNotNull } from 'drizzle-orm'
import { certificateEvents } from '../../schema/certificates.ts'
import { decisions } from '../../schema/decisions.ts'
import { standingDecisions } from '../../schema/standing-decisions.ts'
import type { Db } from '../adapters/database.ts'
import type { CalendarDate } from '../domain/calendar.ts'
import { record } from '../journal/record.ts'

type Issued = { id: string; applicationId: string; employerId: string; issuedOn: CalendarDate }

/**
 * With the issue, in its transaction: the condition under which it was certified becomes a standing like any that is set later, decided by the
 * same person, to be met by a decision of its own or appealed against. Whoever asks the register sees it from the first moment on.
 */
export async function tellFirstCondition(tx: Db, { id: certificateId, applicationId, employerId, issuedOn }: Issued, at: Date): Promise<void> {
  const [decided] = await tx.select({ condition: decisions.condition, until: decisions.conditionUntil, reasons: decisions.reasons, decidedBy: decisions.decidedBy, decidedAt: decisions.decidedAt })
    .from(decisions).where(and(eq(decisions.applicationId, applicationId), eq(decisions.outcome, 'certify'), isNotNull(decisions.condition)))
  if (!decided) return
  const [row] = await tx.insert(standingDecisions).values({ certificateId, change: 'condition_set', reasonClass, ...decided }).returning({ id: standingDecisions.id })
  if (!row) throw new Error('the condition just kept is not there')
  await tx.insert(certificateEvents).values({ certificateId, event: 'condition_set', happenedOn: issuedOn, reasonClass, actor: 'decision_maker', standingDecisionId: row.id, at })
  await record(tx, { personId: null, role: 'clock' }, { operation: 'standing_decisions.first_condition', applicationId, employerId, subjectId: certificateId, after: { change: 'condition_set', reasonClass } })
}

const reasonClass = 'nonconformity'
