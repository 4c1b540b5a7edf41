import type { z } from 'zod'
import type { CaseHead } from '../../schema/case-head.ts'
import type { Db } from '../adapters/database.ts'
import { daysBetween, japanDate } from '../domain/calendar.ts'
import { isOverdue, isProvisional } from '../domain/deadlines.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Role } from '../domain/roles.ts'
import type { Viewer } from '../http/viewer.ts'
import { findCase, type Case } from './case.ts'

type Look = Parameters<typeof findCase>[3]

/** The case as seen in one role; whoever does not hold this role in it gets 404, an assessor who has not declared is told so (C3). */
export async function findCaseAs(db: Db, id: string, viewer: Viewer, role: Role, look: Look = {}): Promise<Case | Refusal> {
  const theCase = await findCase(db, id, viewer, look)
  if (isRefusal(theCase)) return theCase
  if (!theCase.held.includes(role)) return { refused: 'not_found' }
  return role === 'assessor' && !theCase.declared && !look.undeclared ? { refused: 'interests_not_declared' } : theCase
}

type Known = Pick<Case, 'id' | 'employerNameJa' | 'employerNameLatin' | 'stage' | 'stageSince' | 'dueAt' | 'version'>

export function headOf(theCase: Known, now: Date): z.infer<typeof CaseHead> {
  const { id, employerNameJa, employerNameLatin, stage, stageSince, dueAt, version } = theCase
  return {
    id, nameJa: employerNameJa, nameEn: employerNameLatin || employerNameJa, stage, stageSince, ageDays: daysBetween(japanDate(stageSince), japanDate(now)),
    dueAt, overdue: dueAt !== null && isOverdue(dueAt, now),
    provisional: dueAt !== null && isProvisional(stage, dueAt), version,
  }
}
