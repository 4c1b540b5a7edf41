import { eq } from 'drizzle-orm'
import { invitations } from '../../schema/invitations.ts'
import { suppliers } from '../../schema/suppliers.ts'
import type { Db } from '../adapters/database.ts'
import { whomToTell } from '../buyers/whom-to-tell.ts'
import { invitationState } from '../domain/invitations.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { hashToken, type Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { declineOffersOf } from '../sponsorships/answer.ts'
import type { Invitation } from './invite.ts'

type When = { now: Date; requestId: string }

/** The employer takes the invitation: from now on this buyer sees how far it is, in a word. Nothing else is agreed. */
export async function accept(tx: Db, token: string, { personId, employerId }: Viewer, { now, requestId }: When): Promise<{ id: string } | Refusal> {
  const open = await openByToken(tx, token, now)
  if (isRefusal(open)) return open
  if (!employerId) return { refused: 'no_company_yet' }
  await tx.update(invitations).set({ answer: 'accepted', answeredAt: now, answeredBy: personId, employerId }).where(eq(invitations.id, open.id))
  await tellBuyer(tx, open)
  await record(tx, { personId, role: 'applicant', requestId }, { operation: 'invitations.accept', employerId, subjectId: open.id })
  return { id: open.id }
}

/** No asks for no account, no reason and no name. */
export async function decline(tx: Db, token: string, { now, requestId }: When): Promise<{ id: string } | Refusal> {
  const open = await openByToken(tx, token, now)
  if (isRefusal(open)) return open
  await tx.update(invitations).set({ answer: 'declined', answeredAt: now }).where(eq(invitations.id, open.id))
  await declineOffersOf(tx, open.id, now)
  await tellBuyer(tx, open)
  await record(tx, { personId: null, role: 'public', requestId }, { operation: 'invitations.decline', subjectId: open.id })
  return { id: open.id }
}

async function openByToken(tx: Db, token: string, now: Date): Promise<Invitation | Refusal> {
  const [invitation] = await tx.select().from(invitations).where(eq(invitations.tokenHash, hashToken(token))).for('update')
  if (!invitation) return { refused: 'not_found' }
  return invitationState(invitation, now) === 'open' ? invitation : { refused: 'invitation_over' }
}

// That there is an answer, to the one who asked; what it is stands on the page.
async function tellBuyer(tx: Db, { id, buyerId, sentBy, supplierId }: Invitation) {
  const to = await whomToTell(tx, buyerId, sentBy)
  const [supplier] = await tx.select({ name: suppliers.name }).from(suppliers).where(eq(suppliers.id, supplierId))
  if (!to) return
  await enqueueMail(tx, { uniqueKey: `invitation_answered:${id}`, toEmail: to.email, locale: to.locale, template: 'invitation_answered', params: { supplier: supplier?.name ?? '', url: `/suppliers/${supplierId}/invitation` } })
}
