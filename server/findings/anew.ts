import { findings } from '../../schema/findings.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import type { Escalation } from '../domain/duties.ts'
import { dueDates, type Grade } from '../domain/grading.ts'
import { record } from '../journal/record.ts'
import { standardById } from '../standard/queries.ts'
import { setNextDue } from './due.ts'
import { mailFinding } from './mail.ts'
import type { FindingRow } from './queries.ts'
import { kept } from './raise.ts'

type Anew = { grade: Grade; escalation: Escalation; personId: string; requestId: string; now: Date }

/** A finding that the rules put in the place of another: what was found is the same, grade and clock are new (C9: the old one stays on record). */
export async function raiseAnew(tx: Db, theCase: Case, before: FindingRow, { grade, escalation, personId, requestId, now }: Anew): Promise<FindingRow> {
  const { content: { grading } } = await standardById(tx, theCase.standardId)
  const { criterion, criterionVersion, statement, evidenceReference } = before, applicationId = theCase.id
  const dues = kept(dueDates(grade, now, grading.findingGrades))
  const [row] = await tx.insert(findings).values({
    applicationId, criterion, criterionVersion, statement, evidenceReference, grade, escalation, raisedBy: personId, raisedAt: now, ...dues, supersedes: before.id, repeats: escalation === 'ineffective' ? before.id : before.repeats,
  }).returning()
  if (!row) throw new Error('the finding just raised is not there')
  await record(tx, { personId, role: 'assessor', requestId }, {
    operation: 'findings.escalate', applicationId, employerId: theCase.employerId, subjectId: row.id, before: { id: before.id, grade: before.grade }, after: { criterion, grade, escalation, ...dues },
  })
  await setNextDue(tx, theCase)
  await mailFinding(tx, theCase, row)
  return row
}
