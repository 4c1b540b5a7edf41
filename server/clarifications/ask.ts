import { and, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { clarifications } from '../../schema/assessments.ts'
import type { QuestionForm } from '../../schema/clarification-forms.ts'
import { newId } from '../../schema/shared.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { perform } from '../applications/perform.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { membersOf } from '../employers/queries.ts'
import { writeOnce } from '../http/once.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'

type Draft = z.infer<typeof QuestionForm> & { applicationId: string; requestId: string }
type Kept = { clarificationId: string }

/** Drafts a question, or rewrites the writer's own draft about this criterion; somebody else's is left alone. */
export function draftQuestion(db: Db, viewer: Viewer, { applicationId, criterion, question, once, requestId }: Draft, now: Date): Promise<Kept | Refusal> {
  return writeOnce<Kept>(db, { once, personId: viewer.personId }, async tx => {
    const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true })
    if (isRefusal(theCase)) return theCase
    if (theCase.stage !== 'desk_review') return { refused: 'closed_for_changes' }
    if (!(await criteriaFor(tx, theCase, now)).some(({ id }) => id === criterion)) return { refused: 'not_found' }
    const [draft] = await tx.select().from(clarifications).where(and(eq(clarifications.applicationId, applicationId), eq(clarifications.criterion, criterion), isNull(clarifications.closedAt)))
    if (draft && draft.askedBy !== viewer.personId) return { refused: 'already_exists' }
    const kept = { id: draft?.id ?? newId(), applicationId, criterion, question, askedBy: viewer.personId, askedAt: now }
    await tx.insert(clarifications).values(kept).onConflictDoUpdate({ target: clarifications.id, set: { question, askedAt: now } })
    await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'clarifications.draft', applicationId, employerId: theCase.employerId, subjectId: kept.id, after: { criterion } })
    return { clarificationId: kept.id }
  })
}

type Which = { applicationId: string; clarificationId: string; once?: string | undefined; requestId: string }

/** Takes a draft back. What was sent stays. */
export function removeDraft(db: Db, viewer: Viewer, { applicationId, clarificationId, once, requestId }: Which): Promise<Kept | Refusal> {
  return writeOnce<Kept>(db, { once, personId: viewer.personId }, async tx => {
    const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true })
    if (isRefusal(theCase)) return theCase
    const [removed] = await tx.delete(clarifications)
      .where(and(eq(clarifications.id, clarificationId), eq(clarifications.applicationId, applicationId), isNull(clarifications.sentAt))).returning({ criterion: clarifications.criterion })
    if (!removed) return { refused: 'not_found' }
    await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'clarifications.remove_draft', applicationId, employerId: theCase.employerId, subjectId: clarificationId, before: removed })
    return { clarificationId }
  })
}

type Round = { applicationId: string; version: number; once?: string | undefined; requestId: string }

/** Sends every drafted question as one round: the step `ask`, the questions' time and the mail are one. */
export function sendRound(db: Db, viewer: Viewer, { applicationId, version, once, requestId }: Round, now: Date): Promise<{ stage: Stage } | Refusal> {
  return writeOnce(db, { once, personId: viewer.personId }, async tx => {
    const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true }) // an operator who also assesses declares first, too
    if (isRefusal(theCase)) return theCase
    const done = await perform(tx, { applicationId, action: 'ask', viewer, version, requestId, now })
    if (isRefusal(done)) return done
    await tx.update(clarifications).set({ sentAt: now }).where(and(eq(clarifications.applicationId, applicationId), isNull(clarifications.sentAt)))
    const { employerId, employerNameJa } = theCase
    for (const { email, locale, personId } of await membersOf(tx, employerId)) {
      const uniqueKey = `clarification:${applicationId}:${version}:${personId}`
      await enqueueMail(tx, { uniqueKey, toEmail: email, locale, template: 'clarification', applicationId, params: { employer: employerNameJa, url: `/applications/${applicationId}/clarifications` } })
    }
    return { stage: done.stage }
  })
}
