import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { AppealDecisionForm } from '../../schema/appeal-shapes.ts'
import { appealDecisions } from '../../schema/appeals.ts'
import { applications } from '../../schema/applications.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { mayDecideAppeal } from '../domain/appeals.ts'
import { mayHandle } from '../domain/independence.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { handsOf } from './hand-over.ts'
import { mailDecided } from './mail.ts'
import { appealRow, seenAs } from './queries.ts'
import { subjectOf, type Subject } from './subject.ts'
import { undo } from './undo.ts'

type Form = z.infer<typeof AppealDecisionForm>
type Deciding = { appealId: string; form: Form; viewer: Viewer; requestId: string; now: Date }
export type AppealDecided = { decisionId: string; outcome: Form['outcome'] }

/**
 * C18, ISO/IEC 17065 7.13.5: the answer to an appeal. One transaction: decision with its line of the log, what it undoes, journal, mails.
 * Whoever turns out to have had a hand in the case is refused, and the attempt stays on record (C4): the caller commits.
 */
export async function decideAppeal(tx: Db, deciding: Deciding): Promise<AppealDecided | Refusal> {
  const found = await lockedAppeal(tx, deciding)
  if (!found) return { refused: 'not_found' }
  const { appeal, about } = found, { form: { outcome, newGrade }, viewer } = deciding
  const refused = mayDecideAppeal({ ...about, state: appeal.outcome ?? 'assigned', isHandler: true, outcome, newGrade })
  if (isRefusal(refused)) return refused
  const apart = mayHandle(await handsOf(tx, about.applicationId, viewer.personId, deciding.now))
  if (isRefusal(apart)) return onRecord(tx, appeal, deciding, apart.missing ?? [])
  try {
    return await keep(tx, about, deciding)
  } catch (error) {
    if (!['appeal_handler_took_no_part', 'appeal_handler_has_no_tie'].includes(violatedConstraint(error))) throw error
    return onRecord(tx, appeal, deciding, []) // a hand or a tie came to light between our own check and the insert
  }
}

// One at a time, and looked at under the lock: of two answers the second finds the first.
async function lockedAppeal(tx: Db, { appealId, viewer }: Deciding) {
  const found = await appealRow(tx, appealId)
  if (!found) return null
  await tx.select({ id: applications.id }).from(applications).where(eq(applications.id, found.applicationId)).for('update')
  const appeal = await appealRow(tx, appealId), about = appeal && await subjectOf(tx, appeal.subject, appeal.subjectId)
  return appeal && about && seenAs(viewer, appeal) === 'handler' ? { appeal, about } : null
}

async function keep(tx: Db, about: Subject, { appealId, form: { outcome, reasons, ...form }, viewer, requestId, now }: Deciding): Promise<AppealDecided> {
  const newGrade = outcome === 'upheld' && about.matter === 'graded' ? form.newGrade : null
  const [kept] = await within(tx, savepoint => savepoint.insert(appealDecisions).values({ appealId, outcome, reasons, newGrade, decidedBy: viewer.personId, decidedAt: now }).returning({ id: appealDecisions.id }))
  if (!kept) throw new Error('the decision just kept is not there')
  const undone = outcome === 'upheld' && await undo(tx, about, { reasons, newGrade, viewer, requestId, now })
  if (isRefusal(undone)) throw new Error(`an upheld appeal undid nothing: ${undone.refused}`)
  await record(tx, { personId: viewer.personId, role: 'decision_maker', requestId }, {
    operation: 'appeals.decide', applicationId: about.applicationId, employerId: about.employerId, subjectId: appealId, after: { outcome, matter: about.matter, ...(newGrade ? { newGrade } : {}), undone },
  })
  await mailDecided(tx, about, { appealId, outcome, reasons, undone })
  return { decisionId: kept.id, outcome }
}

async function onRecord(tx: Db, { id, applicationId, employerId }: { id: string; applicationId: string; employerId: string }, { viewer, requestId }: Deciding, missing: readonly string[]): Promise<Refusal> {
  await record(tx, { personId: viewer.personId, role: 'decision_maker', requestId }, { operation: 'appeals.decide.refused', applicationId, employerId, subjectId: id, after: { refused: 'not_independent', missing } })
  return { refused: 'not_independent' }
}
