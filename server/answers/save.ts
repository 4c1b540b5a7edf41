import { answers } from '../../schema/applications.ts'
import type { AnswerForm } from '../../schema/answer-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { findCase } from '../applications/case.ts'
import { answerState, type AnswerState } from '../domain/answering.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { mayChangeAnswer } from '../domain/reopening.ts'
import { reopenedCriteria } from '../evidence/queries.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { progressOf } from './queries.ts'

type Saving = { applicationId: string; criterion: string; viewer: Viewer; form: AnswerForm; requestId: string; now: Date }

/** Keeps one answer. The version counts saves of this answer: another one than the form was drawn from is `stale`. */
export async function saveAnswer(tx: Db, { applicationId, criterion, viewer, form, requestId, now }: Saving): Promise<{ criterion: string; version: number; state: AnswerState } | Refusal> {
  const theCase = await findCase(tx, applicationId, viewer, { lock: true })
  if (isRefusal(theCase)) return theCase
  if (!theCase.held.includes('applicant')) return { refused: 'not_your_role' }
  const asked = (await progressOf(tx, theCase, now)).asked.find(({ id }) => id === criterion)
  if (!asked) return { refused: 'not_found' }
  if (!mayChangeAnswer(theCase.stage, criterion, await reopenedCriteria(tx, applicationId))) return { refused: 'closed_for_changes' }
  const before = asked.given
  const { answer, reason, explanation } = form
  if ((before?.version ?? 0) !== form.version) return { refused: 'stale' }
  const state = answerState({ answer, reason }, asked)
  if (before?.answer === answer && before.reason === reason && before.explanation === explanation) return { criterion, version: form.version, state }
  const kept = { answer, reason, explanation, version: form.version + 1, answeredBy: viewer.personId, answeredAt: now }
  await tx.insert(answers).values({ applicationId, criterion, ...kept }).onConflictDoUpdate({ target: [answers.applicationId, answers.criterion], set: kept })
  await record(tx, { personId: viewer.personId, role: 'applicant', requestId }, {
    operation: 'answers.save', applicationId, employerId: theCase.employerId, subjectId: criterion, before: before && { answer: before.answer, version: before.version }, after: { answer, version: kept.version },
  })
  return { criterion, version: kept.version, state }
}
