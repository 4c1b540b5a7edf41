import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { ratings } from '../../schema/assessments.ts'
import type { RaiseForm } from '../../schema/finding-shapes.ts'
import { findings } from '../../schema/findings.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import type { Case } from '../applications/case.ts'
import { codesIn } from '../domain/anonymity.ts'
import { findingStages, gradeFits } from '../domain/findings.ts'
import { dueDates } from '../domain/grading.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { codesOf } from '../interviews/queries.ts'
import { record } from '../journal/record.ts'
import { standardById } from '../standard/queries.ts'
import type { Change } from '../visits/plan.ts'
import { setNextDue } from './due.ts'
import { escalate } from './escalate.ts'
import { mailAlert, mailFinding, mailGrave } from './mail.ts'
import { repeatOf } from './repeats.ts'
import { findingsOf, type Finding, type FindingRow } from './queries.ts'

type Body = z.infer<typeof RaiseForm>

/** C9: raises a finding with its due dates, and tells the employer. To change one is to raise another that takes its place. */
export async function raiseFinding(tx: Db, change: Change<Body>): Promise<{ findingId: string } | Refusal> {
  const { applicationId, viewer, body, now, requestId } = change
  const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true })
  if (isRefusal(theCase)) return theCase
  if (!findingStages.includes(theCase.stage)) return { refused: 'closed_for_changes' }
  const before = body.supersedes ? (await findingsOf(tx, applicationId)).find(({ id }) => id === body.supersedes) : undefined
  if (body.supersedes && before?.criterion !== body.criterion) return { refused: 'not_found' }
  const unfit = await unfitness(tx, theCase, body, before)
  if (unfit) return unfit
  const { content: { criteria, grading } } = await standardById(tx, theCase.standardId)
  const criterion = criteria.find(({ id }) => id === body.criterion)
  if (!criterion) return { refused: 'not_found' }
  const { grade, statement, evidenceReference } = body
  // A better wording does not start the clock again; another grade does.
  const dues = before?.grade === grade ? duesOf(before) : kept(dueDates(grade, now, grading.findingGrades))
  const repeats = before ? before.repeats : await repeatOf(tx, theCase, { criterion: criterion.id, grade })
  const [row] = await tx.insert(findings).values({
    applicationId, criterion: criterion.id, criterionVersion: criterion.version, grade, statement, evidenceReference, raisedBy: viewer.personId, raisedAt: now, ...dues, supersedes: before?.id ?? null, repeats,
  }).returning()
  if (!row) throw new Error('the finding just raised is not there')
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, {
    operation: before ? 'findings.supersede' : 'findings.raise', applicationId, employerId: theCase.employerId, subjectId: row.id,
    before: before ? { id: before.id, grade: before.grade } : undefined, after: { criterion: criterion.id, grade, ...dues },
  })
  await setNextDue(tx, theCase)
  await tell(tx, theCase, row, { before, now })
  await escalate(tx, theCase, { visitedOn: body.visitedOn ?? null, personId: viewer.personId, requestId, now })
  return { findingId: row.id }
}

// The employer always; zero tolerance also the scheme, and with a certified employer those who may suspend it.
async function tell(tx: Db, theCase: Case, row: FindingRow, { before, now }: { before: Finding | undefined; now: Date }): Promise<void> {
  await mailFinding(tx, theCase, row)
  if (row.grade !== 'zero_tolerance' || before?.grade === row.grade) return
  await mailAlert(tx, theCase, row, now)
  if (theCase.stage === 'certified') await mailGrave(tx, theCase, row, now)
}

async function unfitness(tx: Db, theCase: Case, { criterion, grade, statement, evidenceReference }: Body, before: Finding | undefined): Promise<Refusal | null> {
  const [rated] = await tx.select({ rating: ratings.rating }).from(ratings).where(and(eq(ratings.applicationId, theCase.id), eq(ratings.criterion, criterion)))
  if (before?.grade === 'zero_tolerance' && grade !== 'zero_tolerance') return { refused: 'needs', missing: ['zero_tolerance_stays'] }
  if (!gradeFits(grade, rated?.rating ?? null, before?.grade ?? null, theCase.stage)) return { refused: 'needs', missing: ['grade_as_rated'] }
  const codes = await codesOf(tx, theCase.id)
  return codesIn(`${statement}\n${evidenceReference}`, codes).length > 0 ? { refused: 'needs', missing: ['no_interview_code'] } : null
}

type Dues = Pick<Finding, 'alertDue' | 'protectionPlanDue' | 'planDue' | 'containmentDue' | 'evidenceDue' | 'verifiedDue'>

const duesOf = ({ alertDue, protectionPlanDue, planDue, containmentDue, evidenceDue, verifiedDue }: Dues): Dues => ({ alertDue, protectionPlanDue, planDue, containmentDue, evidenceDue, verifiedDue })
export const kept = ({ alertDue = null, protectionPlanDue = null, planDue = null, containmentDue = null, evidenceDue = null, verifiedDue = null }: Partial<Dues>) =>
  duesOf({ alertDue, protectionPlanDue, planDue, containmentDue, evidenceDue, verifiedDue })
