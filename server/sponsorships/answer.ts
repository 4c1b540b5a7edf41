import { and, eq, isNull } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { invitations } from '../../schema/invitations.ts'
import { sponsorships } from '../../schema/sponsorships.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { whomToTell } from '../buyers/whom-to-tell.ts'
import type { Refusal } from '../domain/refusal.ts'
import { mayEnd, sponsorshipState } from '../domain/sponsorships.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'

export type Side = { side: 'sponsor'; buyerId: string } | { side: 'employer'; employerId: string }
type By = { personId: string; requestId: string; now: Date }

/** The employer's word on an offer. The database ties an accepted one to the application (tie_sponsorship) and refuses a sponsor whose people assess it. */
export async function answerOffer(tx: Db, id: string, answer: 'accepted' | 'declined', { employerId, ...by }: By & { employerId: string }): Promise<{ id: string } | Refusal> {
  const [row] = await tx.select({ offer: sponsorships }).from(sponsorships).innerJoin(invitations, eq(invitations.id, sponsorships.invitationId))
    .where(and(eq(sponsorships.id, id), eq(invitations.employerId, employerId))).for('update', { of: sponsorships })
  if (!row) return { refused: 'not_found' }
  if (sponsorshipState(row.offer, false) !== 'offered') return { refused: 'no_such_step' }
  const refused = await written(tx, id, { answer, answeredAt: by.now, answeredBy: by.personId, employerId: answer === 'accepted' ? employerId : null })
  if (refused) return refused
  await tellSponsor(tx, row.offer)
  await record(tx, { personId: by.personId, role: 'applicant', requestId: by.requestId }, { operation: `sponsorships.${answer}`, employerId, subjectId: id })
  return { id }
}

// Within: what the trigger refuses must leave the caller's transaction usable, for the answer and the journal.
async function written(tx: Db, id: string, set: Partial<typeof sponsorships.$inferInsert>): Promise<Refusal | null> {
  try {
    await within(tx, inner => inner.update(sponsorships).set(set).where(eq(sponsorships.id, id)))
    return null
  } catch (error) {
    if (violatedConstraint(error) === 'sponsor_took_no_part') return { refused: 'sponsor_not_independent' }
    throw error
  }
}

/** Either side ends what has not been used. */
export async function endSponsorship(tx: Db, id: string, side: Side, by: By): Promise<{ id: string } | Refusal> {
  const own = side.side === 'sponsor' ? eq(sponsorships.buyerId, side.buyerId) : eq(sponsorships.employerId, side.employerId)
  const [row] = await tx.select({ row: sponsorships, submittedAt: applications.submittedAt }).from(sponsorships).leftJoin(applications, eq(applications.id, sponsorships.applicationId))
    .where(and(eq(sponsorships.id, id), own)).for('update', { of: sponsorships })
  if (!row) return { refused: 'not_found' }
  if (!mayEnd(sponsorshipState(row.row, row.submittedAt !== null))) return { refused: 'sponsorship_used' }
  await tx.update(sponsorships).set({ endedAt: by.now, endedBy: side.side }).where(eq(sponsorships.id, id))
  if (side.side === 'employer') await tellSponsor(tx, row.row, 'ended')
  // Of what a buyer does no row names an employer (schema/buyers.ts), though this employer knows of it.
  const about = side.side === 'employer' ? { employerId: side.employerId } : {}
  await record(tx, { personId: by.personId, role: side.side === 'sponsor' ? 'buyer' : 'applicant', requestId: by.requestId }, { operation: 'sponsorships.end', ...about, subjectId: id })
  return { id }
}

/** Who declines an invitation declines what was offered with it; there is nobody signed in, so the offer is closed and not answered. */
export const declineOffersOf = (tx: Db, invitationId: string, now: Date) =>
  tx.update(sponsorships).set({ endedAt: now, endedBy: 'employer' }).where(and(eq(sponsorships.invitationId, invitationId), isNull(sponsorships.answer), isNull(sponsorships.endedAt)))

async function tellSponsor(tx: Db, { id, buyerId, offeredBy }: typeof sponsorships.$inferSelect, what = 'answered') {
  const to = await whomToTell(tx, buyerId, offeredBy)
  if (to) await enqueueMail(tx, { uniqueKey: `sponsorship_${what}:${id}`, toEmail: to.email, locale: to.locale, template: 'sponsorship_answered', params: { url: `/sponsorships/${id}` } })
}
