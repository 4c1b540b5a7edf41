import { and, eq, notInArray } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { findings } from '../../schema/findings.ts'
import type { Db } from '../adapters/database.ts'
import { perform } from '../applications/perform.ts'
import { undoneBy } from '../domain/appeals.ts'
import { japanDate } from '../domain/calendar.ts'
import { findingStages } from '../domain/findings.ts'
import { dueDates, type Grade } from '../domain/grading.ts'
import { endStages } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { mayChange } from '../domain/standing-changes.ts'
import { setNextDue } from '../findings/due.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById } from '../standard/queries.ts'
import { keepStandingDecision } from '../standing-decisions/decide.ts'
import { headOf } from '../standing-decisions/queries.ts'
import type { Subject } from './subject.ts'

type Undoing = { reasons: string; newGrade: Grade | null; viewer: Viewer; requestId: string; now: Date }

/** What an upheld appeal undoes, by a decision of its own. False: there is nothing left to undo (the suspension was lifted meanwhile, the file is sealed). */
export async function undo(tx: Db, about: Subject, undoing: Undoing): Promise<boolean | Refusal> {
  const by = undoneBy(about.matter)
  if (by === 'reopen') return reopen(tx, about, undoing)
  return by === 'graded' ? regrade(tx, about, undoing) : changeBack(tx, about, by, undoing)
}

// ISO/IEC 17065 7.6: not certified by the appeal, but open for a new decision by others, with every gate. Where the employer has another application open, that one goes on instead.
async function reopen(tx: Db, { applicationId, employerId, standardId }: Subject, { viewer, requestId, now }: Undoing): Promise<boolean | Refusal> {
  const another = await tx.$count(applications, and(eq(applications.employerId, employerId), eq(applications.standardId, standardId), notInArray(applications.stage, endStages)))
  if (another > 0) return false
  const performed = await perform(tx, { applicationId, action: 'reopen', viewer, requestId, now, given: { appeal_upheld: true } })
  return isRefusal(performed) ? performed : true
}

async function changeBack(tx: Db, { certificateId, matter, inForce }: Subject, change: 'reinstated' | 'condition_met', { reasons, viewer, requestId, now }: Undoing): Promise<boolean | Refusal> {
  const today = japanDate(now), head = certificateId && await headOf(tx, certificateId, viewer.personId, today)
  if (!head) return { refused: 'not_found' }
  const stands = matter === 'condition_set' ? head.openCondition : head.standing === (matter === 'withdrawn' ? 'withdrawn' : 'suspended')
  if (!inForce || !stands || mayChange(head.standing, change, 'appeal', { openCondition: head.openCondition, today })) return false
  const kept = await keepStandingDecision(tx, head, { change, reasonClass: null, reasons, until: null, condition: '', removed: [] }, { viewer, requestId, now })
  return isRefusal(kept) ? kept : true
}

// C9: the finding stays; a milder one takes its place, with the clock of its grade from now on.
async function regrade(tx: Db, { subjectId, stage, standardId, superseded, applicationId }: Subject, { newGrade, viewer, now }: Undoing): Promise<boolean> {
  const [before] = await tx.select().from(findings).where(eq(findings.id, subjectId))
  if (!before || !newGrade || superseded || !findingStages.includes(stage)) return false
  const dues = dueDates(newGrade, now, (await standardById(tx, standardId)).content.grading.findingGrades)
  const { criterion, criterionVersion, statement, evidenceReference } = before
  await tx.insert(findings).values({ applicationId, criterion, criterionVersion, statement, evidenceReference, grade: newGrade, raisedBy: viewer.personId, raisedAt: now, ...dues, supersedes: before.id })
  const [row] = await tx.select({ stageSince: applications.stageSince }).from(applications).where(eq(applications.id, applicationId))
  if (row) await setNextDue(tx, { id: applicationId, stage, stageSince: row.stageSince })
  return true
}
