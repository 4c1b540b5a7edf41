import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { clarifications } from '../../schema/assessments.ts'
import type { ReplyForm } from '../../schema/clarification-forms.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { perform } from '../applications/perform.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { writeOnce } from '../http/once.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

type Reply = z.infer<typeof ReplyForm> & { applicationId: string; clarificationId: string; requestId: string }
type Kept = { clarificationId: string; version: number }

/** Keeps a reply; it may be rewritten until the round is handed back. `version`: the reply that the writer saw, see page.ts. */
export function reply(db: Db, viewer: Viewer, { applicationId, clarificationId, reply: text, version, once, requestId }: Reply, now: Date): Promise<Kept | Refusal> {
  return writeOnce<Kept>(db, { once, personId: viewer.personId }, async tx => {
    const theCase = await findCaseAs(tx, applicationId, viewer, 'applicant', { lock: true })
    if (isRefusal(theCase)) return theCase
    const [question] = await tx.select().from(clarifications).where(and(eq(clarifications.id, clarificationId), eq(clarifications.applicationId, applicationId), isNotNull(clarifications.sentAt)))
    if (!question) return { refused: 'not_found' }
    if (theCase.stage !== 'clarifying' || question.closedAt) return { refused: 'closed_for_changes' }
    const seen = question.repliedAt?.getTime() ?? 0
    if (seen !== version) return { refused: 'stale' }
    const repliedAt = new Date(Math.max(now.getTime(), seen + 1)) // two replies never share a version
    await tx.update(clarifications).set({ reply: text, repliedBy: viewer.personId, repliedAt }).where(eq(clarifications.id, clarificationId))
    await record(tx, { personId: viewer.personId, role: 'applicant', requestId }, { operation: 'clarifications.reply', applicationId, employerId: theCase.employerId, subjectId: clarificationId })
    return { clarificationId, version: repliedAt.getTime() }
  })
}

type Round = { applicationId: string; version: number; once?: string | undefined; requestId: string }

/** Hands the round back: the step `answer`, and what it had reopened is closed again. */
export function returnRound(db: Db, viewer: Viewer, { applicationId, version, once, requestId }: Round, now: Date): Promise<{ stage: Stage } | Refusal> {
  return writeOnce(db, { once, personId: viewer.personId }, async tx => {
    const done = await perform(tx, { applicationId, action: 'answer', viewer, version, requestId, now })
    if (isRefusal(done)) return done
    await tx.update(clarifications).set({ closedAt: now }).where(and(eq(clarifications.applicationId, applicationId), isNotNull(clarifications.sentAt), isNull(clarifications.closedAt)))
    return { stage: done.stage }
  })
}
