import { desc, eq } from 'drizzle-orm'
import { decisions } from '../../schema/decisions.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { endOfDay, japanDate, type CalendarDate } from '../domain/calendar.ts'
import { risen } from '../domain/grading.ts'
import { raiseAnew } from './anew.ts'
import { findingsOf } from './queries.ts'

type By = { visitedOn: CalendarDate | null; personId: string; requestId: string; now: Date }

/**
 * The grading table, escalation: on a certified case a minor that is still open at the next visit becomes major, and so does the fifth open minor of
 * one section. (Before the certificate such minors stand in the way of it: domain/grading.ts, blocking.) `visitedOn`: the day of that visit, if there was one.
 */
export async function escalate(tx: Db, theCase: Case, { visitedOn, ...by }: By): Promise<void> {
  if (theCase.stage !== 'certified') return
  const [decided] = await tx.select({ at: decisions.decidedAt }).from(decisions).where(eq(decisions.applicationId, theCase.id)).orderBy(desc(decisions.decidedAt)).limit(1)
  const all = await findingsOf(tx, theCase.id), visitedAt = visitedOn && visitedOn <= japanDate(by.now) && decided && endOfDay(visitedOn) > decided.at ? new Date(endOfDay(visitedOn).getTime() - 86_400_000) : null
  for (const { id, escalation } of risen(all, { visitedAt })) {
    const before = all.find(finding => finding.id === id)
    if (before) await raiseAnew(tx, theCase, before, { grade: 'major', escalation, ...by })
  }
}
