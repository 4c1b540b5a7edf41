import { and, eq } from 'drizzle-orm'
import { buyers } from '../../schema/buyers.ts'
import type { invitations } from '../../schema/invitations.ts'
import { sponsorships } from '../../schema/sponsorships.ts'
import type { Db } from '../adapters/database.ts'
import { invitationState } from '../domain/invitations.ts'
import type { Refusal } from '../domain/refusal.ts'
import { membersOf } from '../employers/queries.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { standing } from './standing.ts'

type Invitation = typeof invitations.$inferSelect
type By = { personId: string; requestId: string; now: Date }

/** Offers to pay for the assessment of a supplier that this buyer has invited. The caller holds the invitation. */
export async function offer(tx: Db, invitation: Invitation, terms: string, { personId, requestId, now }: By): Promise<{ id: string } | Refusal> {
  const state = invitationState(invitation, now)
  if (state !== 'open' && state !== 'accepted') return { refused: 'no_such_step' }
  const [already] = await tx.select({ id: sponsorships.id }).from(sponsorships).where(and(eq(sponsorships.invitationId, invitation.id), standing))
  if (already) return { refused: 'already_exists' }
  const [offered] = await tx.insert(sponsorships).values({ buyerId: invitation.buyerId, invitationId: invitation.id, terms, offeredBy: personId, offeredAt: now }).returning({ id: sponsorships.id })
  if (!offered) throw new Error('the offer just written is not there')
  if (invitation.employerId) await tellEmployer(tx, offered.id, invitation)
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'sponsorships.offer', subjectId: offered.id })
  return { id: offered.id }
}

async function tellEmployer(tx: Db, id: string, { employerId, buyerId }: Invitation) {
  const [buyer] = await tx.select({ ja: buyers.nameJa, en: buyers.nameEn }).from(buyers).where(eq(buyers.id, buyerId))
  for (const { email, locale, personId } of await membersOf(tx, employerId ?? '')) {
    await enqueueMail(tx, { uniqueKey: `sponsorship_offered:${id}:${personId}`, toEmail: email, locale, template: 'sponsorship_offered', params: { buyer: (locale === 'ja' ? buyer?.ja : buyer?.en) ?? '', url: '/employer/buyers' } })
  }
}
