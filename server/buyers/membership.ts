import { and, asc, desc, eq, gt, gte, isNull, sql } from 'drizzle-orm'
import { people } from '../../schema/accounts.ts'
import type { MembershipsPage } from '../../schema/buyer-shapes.ts'
import { buyerMembers, buyers, memberInvitations } from '../../schema/buyers.ts'
import type { z } from 'zod'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { addDays, endOfDay, japanDate } from '../domain/calendar.ts'
import { invitation_days, invitationState, most_member_mails_a_day, quiet_days } from '../domain/invitations.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'

type By = { viewer: Viewer; requestId: string; now: Date }
type Invitation = typeof memberInvitations.$inferSelect
const isOpen = and(isNull(memberInvitations.answer), isNull(memberInvitations.takenBackAt))

/** Asks a colleague by mail. The answer to the buyer is one, whoever the address belongs to: staff, another company, nobody. */
export async function inviteMember(tx: Db, toEmail: string, { viewer, requestId, now }: By): Promise<{ buyerId: string } | Refusal> {
  const { buyerId, personId, locale } = viewer
  if (!buyerId) return { refused: 'not_found' }
  const [buyer] = await tx.select().from(buyers).where(eq(buyers.id, buyerId)).for('update') // two at once must not both be the last of the day
  const refusal = await mayAsk(tx, { buyerId, toEmail, now })
  if (refusal) return refusal
  await tx.update(memberInvitations).set({ takenBackAt: now }).where(and(eq(memberInvitations.buyerId, buyerId), eq(memberInvitations.toEmail, toEmail), isOpen)) // it has run out
  const [asked] = await tx.insert(memberInvitations).values({ buyerId, toEmail, sentBy: personId, sentAt: now, expiresAt: endOfDay(addDays(japanDate(now), invitation_days)) }).returning()
  if (!asked || !buyer) throw new Error('the invitation just written is not there')
  await enqueueMail(tx, { uniqueKey: `member_invited:${asked.id}`, toEmail, locale, template: 'member_invited', params: { buyer: locale === 'ja' ? buyer.nameJa : buyer.nameEn, url: `/memberships?lang=${locale}` } })
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'buyers.invite_member', subjectId: buyerId })
  return { buyerId }
}

async function mayAsk(tx: Db, { buyerId, toEmail, now }: { buyerId: string; toEmail: string; now: Date }): Promise<Refusal | null> {
  const earlier = await tx.select().from(memberInvitations).where(and(eq(memberInvitations.buyerId, buyerId), eq(memberInvitations.toEmail, toEmail)))
  if (earlier.some(one => stateOf(one, now) === 'open')) return { refused: 'already_exists' }
  const until = earlier.filter(one => one.answer === 'declined').map(one => addDays(japanDate(one.answeredAt ?? now), quiet_days)).toSorted().at(-1)
  if (until && until > japanDate(now)) return { refused: 'member_declined', params: { date: until } }
  const sent = await tx.$count(memberInvitations, and(eq(memberInvitations.buyerId, buyerId), gte(memberInvitations.sentAt, new Date(`${japanDate(now)}T00:00:00+09:00`))))
  return sent < most_member_mails_a_day ? null : { refused: 'invitations_used_up' }
}

export async function takeMemberInvitationBack(tx: Db, id: string, { viewer: { buyerId, personId }, requestId, now }: By): Promise<{ buyerId: string } | Refusal> {
  const [row] = await tx.update(memberInvitations).set({ takenBackAt: now }).where(and(eq(memberInvitations.id, id), eq(memberInvitations.buyerId, buyerId ?? id), isOpen)).returning({ id: memberInvitations.id })
  if (!row || !buyerId) return { refused: 'not_found' }
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'buyers.take_member_back', subjectId: buyerId })
  return { buyerId }
}

/** The invited one's own word. Their address is proven by how they signed in, so the mail needs no secret. */
export async function answerMembership(tx: Db, id: string, answer: 'accepted' | 'declined', { viewer, requestId, now }: By): Promise<{ id: string } | Refusal> {
  const [asked] = await tx.select().from(memberInvitations).where(and(eq(memberInvitations.id, id), eq(memberInvitations.toEmail, viewer.email.toLowerCase()))).for('update')
  if (!asked) return { refused: 'not_found' }
  if (stateOf(asked, now) !== 'open') return { refused: 'invitation_over' }
  const say = (inner: Db) => inner.update(memberInvitations).set({ answer, answeredAt: now }).where(eq(memberInvitations.id, id))
  const refused = answer === 'accepted' ? await join(tx, asked.buyerId, viewer.personId, say) : null
  if (refused) return refused
  if (answer === 'declined') await say(tx)
  await record(tx, { personId: viewer.personId, role: viewer.roles[0] ?? 'applicant', requestId }, { operation: `buyers.membership_${answer}`, subjectId: asked.buyerId })
  return { id }
}

// What the database says no to: one buyer a person, none for staff.
const elsewhere = ['buyer_members_pkey', 'staff_belong_to_no_buyer']

/** Makes a member of who founded the company, or of who said yes to it with `yes`: both or neither. */
export async function join(tx: Db, buyerId: string, personId: string, yes?: (inner: Db) => Promise<unknown>): Promise<Refusal | null> {
  try {
    await within(tx, async inner => {
      await yes?.(inner)
      await inner.insert(buyerMembers).values({ buyerId, personId })
    })
    return null
  } catch (error) {
    if (elsewhere.includes(violatedConstraint(error) ?? '')) return { refused: 'member_elsewhere' }
    throw error
  }
}

/** Who asks this person to join, and whether they can. */
export async function membershipsPage(db: Db, { email, buyerId, roles, employerId }: Viewer, now: Date): Promise<z.infer<typeof MembershipsPage>> {
  const invitations = await db.select({ id: memberInvitations.id, buyer: { nameJa: buyers.nameJa, nameEn: buyers.nameEn }, by: people.email, expiresAt: memberInvitations.expiresAt }).from(memberInvitations)
    .innerJoin(buyers, eq(buyers.id, memberInvitations.buyerId)).innerJoin(people, eq(people.id, memberInvitations.sentBy))
    .where(and(eq(memberInvitations.toEmail, email.toLowerCase()), isOpen, gt(memberInvitations.expiresAt, now))).orderBy(desc(memberInvitations.sentAt), desc(memberInvitations.id))
  const isStaff = !roles.includes('applicant') && !roles.includes('buyer')
  return { invitations, reader: isStaff ? 'staff' : buyerId ? 'member' : employerId ? 'employer' : 'free' }
}

/** What a buyer has asked of whom and has no member of yet. */
export async function askedMembers(db: Db, buyerId: string, now: Date) {
  const asked = await db.select().from(memberInvitations).where(and(eq(memberInvitations.buyerId, buyerId), isNull(memberInvitations.takenBackAt), sql`coalesce(${memberInvitations.answer}, '') <> 'accepted'`)).orderBy(asc(memberInvitations.sentAt), asc(memberInvitations.id))
  return asked.map(one => ({ id: one.id, email: one.toEmail, state: stateOf(one, now), expiresAt: one.expiresAt }))
}

const stateOf = (invitation: Invitation, now: Date) => invitationState({ ...invitation, viewEndedAt: null }, now)
