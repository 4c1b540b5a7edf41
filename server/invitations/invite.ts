import { randomBytes } from 'node:crypto'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { buyers } from '../../schema/buyers.ts'
import type { InvitationForm } from '../../schema/invitation-shapes.ts'
import { invitationMails, invitations } from '../../schema/invitations.ts'
import type { Db } from '../adapters/database.ts'
import { domainOf } from '../buyers/domain-of.ts'
import { addDays, endOfDay, japanDate } from '../domain/calendar.ts'
import { invitation_days, invitationState, reminder_days } from '../domain/invitations.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { hashToken } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { offer } from '../sponsorships/offer.ts'
import { mailsLeft, quietUntil } from './limits.ts'
import { ownSupplier, type Member } from './own.ts'

export type Invitation = typeof invitations.$inferSelect
type By = Member & { requestId: string; now: Date }
type Invite = { supplierId: string; body: z.infer<typeof InvitationForm> }

/** Invites a supplier of one's own list. In the journal without employer and without address: who is watched stays the buyer's own. */
export async function invite(tx: Db, { supplierId, body: { toEmail, language, message, terms } }: Invite, by: By): Promise<{ id: string } | Refusal> {
  const { buyerId, personId, now } = by
  const supplier = await ownSupplier(tx, supplierId, buyerId, { lock: true })
  if (isRefusal(supplier)) return supplier
  const before = await openInvitation(tx, supplierId)
  if (before && invitationState(before, now) === 'open') return { refused: 'already_exists' }
  const refusal = await mayMail(tx, by) ?? await heardNo(tx, { buyerId, supplierId, toEmail, now })
  if (refusal) return refusal
  if (before) await tx.update(invitations).set({ takenBackAt: now }).where(eq(invitations.id, before.id)) // it has run out
  const token = newToken(), expiresAt = lastDay(now)
  const [invitation] = await tx.insert(invitations).values({ buyerId, supplierId, toEmail, message, locale: language, tokenHash: hashToken(token), sentBy: personId, sentAt: now, expiresAt }).returning()
  if (!invitation) throw new Error('the invitation just written is not there')
  await mail(tx, invitation, token, by)
  await record(tx, { personId, role: 'buyer', requestId: by.requestId }, { operation: 'invitations.invite', subjectId: invitation.id })
  if (terms) await offer(tx, invitation, terms, by)
  return { id: invitation.id }
}

/** Sends the open invitation once more: the old link stops working, the new one has its full time. */
export async function remind(tx: Db, supplierId: string, by: By): Promise<{ id: string } | Refusal> {
  const supplier = await ownSupplier(tx, supplierId, by.buyerId, { lock: true })
  if (isRefusal(supplier)) return supplier
  const invitation = await openInvitation(tx, supplierId)
  if (!invitation) return { refused: 'no_such_step' }
  const refusal = await mayMail(tx, by) ?? await tooSoon(tx, invitation, by.now)
  if (refusal) return refusal
  const token = newToken()
  const [renewed] = await tx.update(invitations).set({ tokenHash: hashToken(token), expiresAt: lastDay(by.now) }).where(eq(invitations.id, invitation.id)).returning()
  if (!renewed) throw new Error('the invitation just renewed is not there')
  await mail(tx, renewed, token, by)
  await record(tx, { personId: by.personId, role: 'buyer', requestId: by.requestId }, { operation: 'invitations.remind', subjectId: invitation.id })
  return { id: invitation.id }
}

export async function takeBack(tx: Db, supplierId: string, by: By): Promise<{ id: string } | Refusal> {
  const supplier = await ownSupplier(tx, supplierId, by.buyerId, { lock: true })
  if (isRefusal(supplier)) return supplier
  const invitation = await openInvitation(tx, supplierId)
  if (!invitation) return { refused: 'no_such_step' }
  await tx.update(invitations).set({ takenBackAt: by.now }).where(eq(invitations.id, invitation.id))
  await tx.execute(sql`update sponsorships set ended_at = ${by.now.toISOString()}::timestamptz, ended_by = 'sponsor' where invitation_id = ${invitation.id} and answer is null and ended_at is null`) // the offer stood on it
  await record(tx, { personId: by.personId, role: 'buyer', requestId: by.requestId }, { operation: 'invitations.take_back', subjectId: invitation.id })
  return { id: invitation.id }
}

/** The one that was neither answered nor taken back, for this transaction alone. */
async function openInvitation(tx: Db, supplierId: string): Promise<Invitation | undefined> {
  const [open] = await tx.select().from(invitations).where(and(eq(invitations.supplierId, supplierId), isNull(invitations.answer), isNull(invitations.takenBackAt))).for('update')
  return open
}

// One buyer's mails are counted one after the other: two at once must not both be the last.
async function mayMail(tx: Db, { buyerId, now }: By): Promise<Refusal | null> {
  await tx.select({ id: buyers.id }).from(buyers).where(eq(buyers.id, buyerId)).for('update')
  return await mailsLeft(tx, buyerId, now) > 0 ? null : { refused: 'invitations_used_up' }
}

async function heardNo(tx: Db, { buyerId, now, ...about }: { buyerId: string; supplierId: string; toEmail: string; now: Date }): Promise<Refusal | null> {
  const until = await quietUntil(tx, buyerId, about, now)
  return until ? { refused: 'invitation_declined', params: { date: until } } : null
}

async function tooSoon(tx: Db, { id }: Invitation, now: Date): Promise<Refusal | null> {
  const [last] = await tx.select({ at: sql<string>`max(${invitationMails.sentAt})` }).from(invitationMails).where(eq(invitationMails.invitationId, id))
  const from = last?.at ? addDays(japanDate(new Date(last.at)), reminder_days) : null
  return from && japanDate(now) < from ? { refused: 'reminded_lately', params: { date: from } } : null
}

async function mail(tx: Db, { id, buyerId, toEmail, locale, message }: Invitation, token: string, { personId, now }: By) {
  const [buyer] = await tx.select({ ja: buyers.nameJa, en: buyers.nameEn, domain: domainOf }).from(buyers).innerJoin(people, eq(people.id, personId)).where(eq(buyers.id, buyerId))
  await tx.insert(invitationMails).values({ invitationId: id, buyerId, sentBy: personId, sentAt: now })
  await enqueueMail(tx, {
    uniqueKey: `invited:${hashToken(token)}`, toEmail, locale, template: 'invited',
    params: { domain: buyer?.domain ?? '', buyer: (locale === 'ja' ? buyer?.ja : buyer?.en) ?? '', message: message ? `\n\n${message}` : '', url: `/invitations/${token}?lang=${locale}` },
  })
}

const newToken = () => randomBytes(32).toString('base64url') // 256 bits; only its hash is kept
const lastDay = (now: Date) => endOfDay(addDays(japanDate(now), invitation_days))
