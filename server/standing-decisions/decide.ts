import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { certificateEvents, certificates } from '../../schema/certificates.ts'
import { standingDecisions } from '../../schema/standing-decisions.ts'
import type { StandingForm } from '../../schema/standing-shapes.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { readNumber } from '../domain/certificate-number.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { mayDecide } from '../domain/independence.ts'
import { mayChange } from '../domain/standing-changes.ts'
import type { CertificateStatement } from '../domain/statement.ts'
import type { Viewer } from '../http/viewer.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { record } from '../journal/record.ts'
import { mailChange } from './mail.ts'
import { headOf, sitesOf, without, type Head } from './queries.ts'

type By = { viewer: Viewer; requestId: string; now: Date }
type Form = z.infer<typeof StandingForm>
type Decided = { decisionId: string; change: Form['change'] }

// One at a time: of two who decide at once the second finds another standing.
async function locked(tx: Db, certificateId: string, { viewer, now }: By): Promise<Head | undefined> {
  await tx.select({ id: certificates.id }).from(certificates).where(eq(certificates.id, certificateId)).for('update')
  return headOf(tx, certificateId, viewer.personId, japanDate(now))
}

/**
 * C16: a person changes the standing of a certificate. One transaction: decision, event with its line of the log and its row of the register,
 * journal, mails, and for a reduced scope the job that issues the next edition. Whoever took part in the case is refused, and the attempt stays
 * on record (C4): the caller must commit it.
 */
export async function decideStanding(tx: Db, certificateId: string, form: Form, by: By): Promise<Decided | Refusal> {
  const head = await locked(tx, certificateId, by)
  if (!head) return { refused: 'not_found' }
  if (by.viewer.tiedTo.includes(head.employerId)) return onRecord(tx, head, by, [], 'not_found') // C3: for them there is no such certificate to decide about
  if (isRefusal(mayDecide(head.parts))) return onRecord(tx, head, by, head.parts)
  if (head.version !== form.version) return { refused: 'stale' }
  const { change, reasonClass, until, condition } = form
  const { removed, workplacesLeft } = change === 'scope_reduced' ? await sitesLeaving(tx, certificateId, form.sites) : { removed: [], workplacesLeft: 0 }
  const refused = mayChange(head.standing, change, 'decision_maker', { reasonClass, until, condition, sites: { leaving: removed.length, workplacesLeft }, openCondition: head.openCondition, today: japanDate(by.now) })
  return refused ?? keepStandingDecision(tx, head, { ...form, removed }, by)
}

// Numbered as the page listed them, of the version that the reader saw.
async function sitesLeaving(tx: Db, certificateId: string, chosen: readonly number[]) {
  const now = await sitesOf(tx, certificateId), sites = now ? without(now.statement.sites, now.removed) : []
  const removed = sites.filter((_, nth) => chosen.includes(nth))
  return { removed, workplacesLeft: without(sites, removed).filter(({ kind }) => kind === 'workplace').length }
}

type Kept = Omit<Form, 'version' | 'once' | 'sites'> & { removed: CertificateStatement['sites'] }

/** The decision, once it may be made: with its event, its journal row and its mails. The database has the last word on independence. */
export async function keepStandingDecision(tx: Db, head: Head, { change, reasonClass, reasons, removed, ...form }: Kept, by: By): Promise<Decided | Refusal> {
  const { certificateId, applicationId, employerId } = head, { viewer: { personId }, requestId, now } = by, today = japanDate(now)
  const until = change === 'suspended' || change === 'condition_set' ? form.until : null
  const condition = change === 'condition_set' ? form.condition : null, sitesRemoved = change === 'scope_reduced' ? removed : null
  try {
    const [decision] = await within(tx, savepoint => savepoint.insert(standingDecisions)
      .values({ certificateId, change, reasonClass, reasons, until, condition, sitesRemoved, decidedBy: personId, decidedAt: now }).returning({ id: standingDecisions.id }))
    if (!decision) throw new Error('the decision just kept is not there')
    await tx.insert(certificateEvents).values({ certificateId, event: change, happenedOn: today, reasonClass, actor: 'decision_maker', standingDecisionId: decision.id, at: now })
    await record(tx, { personId, role: 'decision_maker', requestId }, { operation: 'standing_decisions.decide', applicationId, employerId, subjectId: certificateId, before: { standing: head.standing }, after: { change, reasonClass } })
    await mailChange(tx, head, { change, reasons, until, condition, sitesRemoved, key: decision.id, today })
    if (change === 'scope_reduced') await enqueueJob(tx, 'reduce_scope', { certificateId })
    return { decisionId: decision.id, change }
  } catch (error) {
    if (!['decider_took_no_part', 'decider_has_no_tie'].includes(violatedConstraint(error))) throw error
    return onRecord(tx, head, by, []) // somebody's part or tie came to light between our own check and the insert
  }
}

async function onRecord(tx: Db, { certificateId, applicationId, employerId }: Head, { viewer: { personId }, requestId }: By, parts: readonly string[], refused: 'not_independent' | 'not_found' = 'not_independent'): Promise<Refusal> {
  await record(tx, { personId, role: 'decision_maker', requestId }, { operation: 'standing_decisions.decide.refused', applicationId, employerId, subjectId: certificateId, after: { refused: refused === 'not_found' ? 'has_interest' : refused, missing: parts } })
  return { refused }
}

/** The holder gives its certificate back, by typing its number; that cannot be undone. */
export async function surrender(tx: Db, certificateId: string, typed: string, by: By): Promise<{ number: string } | Refusal> {
  const { viewer: { personId, employerId }, requestId, now } = by, today = japanDate(now)
  const head = await locked(tx, certificateId, by)
  if (!head || head.employerId !== employerId) return { refused: 'not_found' }
  const read = readNumber(typed)
  if (!('number' in read) || read.number !== head.number) return { refused: 'number_mistyped' }
  const refused = mayChange(head.standing, 'surrendered', 'applicant', { openCondition: head.openCondition, today })
  if (refused) return refused
  await tx.insert(certificateEvents).values({ certificateId, event: 'surrendered', happenedOn: today, reasonClass: 'own_request', actor: 'holder', at: now })
  await record(tx, { personId, role: 'applicant', requestId }, { operation: 'standing_decisions.surrender', applicationId: head.applicationId, employerId: head.employerId, subjectId: certificateId, before: { standing: head.standing } })
  await mailChange(tx, head, { change: 'surrendered', reasons: '', key: `${certificateId}:surrendered`, today })
  return { number: head.number }
}
