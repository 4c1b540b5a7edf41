import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { certificateEvents, certificates } from '../../schema/certificates.ts'
import { standingDecisions } from '../../schema/standing-decisions.ts'
import type { StandingForm } from '../../schema/standing-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { addMonths, japanDate } from '../domain/calendar.ts'
import { readNumber } from '../domain/certificate-number.ts'
import type { Refusal } from '../domain/refusal.ts'
import { mayChange, suspension_months, type StandingChange } from '../domain/standing-changes.ts'
import { membersOf } from '../employers/queries.ts'
import type { Viewer } from '../http/viewer.ts'
import { asLocale, translate } from '../http/locale.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { headOf, type Head } from './queries.ts'

type By = { viewer: Viewer; requestId: string; now: Date }

// One at a time: of two who decide at once the second finds another standing.
async function locked(tx: Db, certificateId: string, { viewer, now }: By): Promise<Head | undefined> {
  await tx.select({ id: certificates.id }).from(certificates).where(eq(certificates.id, certificateId)).for('update')
  return headOf(tx, certificateId, viewer.personId, japanDate(now))
}

/**
 * C16: a person changes the standing of a certificate. One transaction: decision, event with its line of the log and its row of the register,
 * journal, mails. Whoever took part in the case is refused, and the attempt stays on record (C4): the caller must commit it.
 */
export async function decideStanding(tx: Db, certificateId: string, { change, reasonClass, reasons, version }: z.infer<typeof StandingForm>, by: By): Promise<{ decisionId: string; change: typeof change } | Refusal> {
  const { viewer: { personId }, requestId, now } = by
  const head = await locked(tx, certificateId, by)
  if (!head) return { refused: 'not_found' }
  const { applicationId, employerId } = head
  if (head.parts.length > 0) {
    await record(tx, { personId, role: 'decision_maker', requestId }, { operation: 'standing_decisions.decide.refused', applicationId, employerId, subjectId: certificateId, after: { refused: 'not_independent', missing: head.parts } })
    return { refused: 'not_independent' }
  }
  if (head.version !== version) return { refused: 'stale' }
  const refused = mayChange(head.standing, change, 'decision_maker', reasonClass)
  if (refused) return refused
  const on = japanDate(now), until = change === 'suspended' ? addMonths(on, suspension_months) : null
  const [decision] = await tx.insert(standingDecisions).values({ certificateId, change, reasonClass, reasons, until, decidedBy: personId, decidedAt: now }).returning({ id: standingDecisions.id })
  if (!decision) throw new Error('the decision just kept is not there')
  await tx.insert(certificateEvents).values({ certificateId, event: change, happenedOn: on, reasonClass, actor: 'decision_maker', standingDecisionId: decision.id, at: now })
  await record(tx, { personId, role: 'decision_maker', requestId }, { operation: 'standing_decisions.decide', applicationId, employerId, subjectId: certificateId, before: { standing: head.standing }, after: { change, reasonClass } })
  await mailChange(tx, head, { change, reasons, key: decision.id })
  return { decisionId: decision.id, change }
}

/** The holder gives its certificate back, by typing its number; that cannot be undone. */
export async function surrender(tx: Db, certificateId: string, typed: string, by: By): Promise<{ number: string } | Refusal> {
  const { viewer: { personId, employerId }, requestId, now } = by
  const head = await locked(tx, certificateId, by)
  if (!head || head.employerId !== employerId) return { refused: 'not_found' }
  const read = readNumber(typed)
  if (!('number' in read) || read.number !== head.number) return { refused: 'number_mistyped' }
  const refused = mayChange(head.standing, 'surrendered', 'applicant', 'own_request')
  if (refused) return refused
  await tx.insert(certificateEvents).values({ certificateId, event: 'surrendered', happenedOn: japanDate(now), reasonClass: 'own_request', actor: 'holder', at: now })
  await record(tx, { personId, role: 'applicant', requestId }, { operation: 'standing_decisions.surrender', applicationId: head.applicationId, employerId: head.employerId, subjectId: certificateId, before: { standing: head.standing } })
  await mailChange(tx, head, { change: 'surrendered', reasons: '', key: `${certificateId}:surrendered` })
  return { number: head.number }
}

type Told = { change: StandingChange; reasons: string; key: string }

/** C6: everybody of the holder hears of it, in their language, with the reasons and the way to appeal. */
export async function mailChange(tx: Db, { number, nameJa, applicationId, employerId }: Head, { change, reasons, key }: Told): Promise<void> {
  for (const { email, personId, ...member } of await membersOf(tx, employerId)) {
    const locale = asLocale(member.locale)
    await enqueueMail(tx, {
      uniqueKey: `standing_changed:${key}:${personId}`, toEmail: email, locale, template: 'standing_changed', applicationId,
      params: { employer: nameJa, number, change: translate(locale, `standing_decisions.change_${change}`), reasons: reasons || translate(locale, `standing_decisions.told_${change}`), url: '/employer/certificates' },
    })
  }
}
