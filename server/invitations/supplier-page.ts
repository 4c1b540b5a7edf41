import { and, desc, eq, sql } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { employers } from '../../schema/employers.ts'
import { SupplierInvitationPage } from '../../schema/invitation-shapes.ts'
import { invitationMails, invitations } from '../../schema/invitations.ts'
import { sponsorships } from '../../schema/sponsorships.ts'
import type { Db } from '../adapters/database.ts'
import { addDays, japanDate } from '../domain/calendar.ts'
import { invitation_days, invitationState, reminder_days } from '../domain/invitations.ts'
import { orRefuse } from '../http/problems.ts'
import type { Form } from '../http/server.ts'
import { signedIn } from '../http/viewer.ts'
import { sponsorshipsOf } from '../sponsorships/queries.ts'
import type { World } from '../world.ts'
import type { Invitation } from './invite.ts'
import { mailsLeft, quietUntil } from './limits.ts'
import { memberOf, ownSupplier } from './own.ts'
import { progressOf } from './progress.ts'

type Page = z.infer<typeof SupplierInvitationPage>

/** The page to which every form about one supplier goes back. */
export const supplierForm = ({ database: { db }, now }: World): Form => ({ page: 'invitations/supplier', shape: SupplierInvitationPage, load: request => supplierPage(db, request, now()) })

/** One supplier with its latest invitation: what was asked, what was answered, and what may be done next. */
export async function supplierPage(db: Db, request: FastifyRequest, now: Date): Promise<Page> {
  const { buyerId } = memberOf(signedIn(request))
  const supplier = orRefuse(await ownSupplier(db, (request.params as { id: string }).id, buyerId))
  const [latest] = await db.select().from(invitations).where(eq(invitations.supplierId, supplier.id)).orderBy(desc(invitations.sentAt), desc(invitations.id)).limit(1)
  const state = latest ? invitationState(latest, now) : null
  const quiet = await quietUntil(db, buyerId, { supplierId: supplier.id }, now)
  const [sponsorship] = latest ? await sponsorshipsOf(db, buyerId, and(eq(sponsorships.invitationId, latest.id))) : []
  const stands = sponsorship && ['offered', 'accepted', 'used'].includes(sponsorship.state)
  const accepted = state === 'accepted' && latest?.employerId ? latest.employerId : null
  const [acceptedBy] = accepted ? await db.select({ nameJa: employers.nameJa, nameEn: employers.nameLatin }).from(employers).where(eq(employers.id, accepted)) : []
  return {
    supplier: { id: supplier.id, name: supplier.name, certified: supplier.holder !== null }, invitation: latest ? await shown(db, latest, now) : null,
    mayInvite: quiet === null && state !== 'open' && state !== 'accepted', quietUntil: quiet, mailsLeft: await mailsLeft(db, buyerId, now), days: invitation_days,
    acceptedBy: acceptedBy ?? null, progress: accepted ? (await progressOf(db, [accepted], japanDate(now))).get(accepted) ?? null : null,
    sponsorship: sponsorship ?? null, mayOffer: !stands && (state === 'open' || state === 'accepted'),
  }
}

async function shown(db: Db, invitation: Invitation, now: Date): Promise<Page['invitation']> {
  const [sent] = await db.select({ mails: sql<number>`count(*)::int`, last: sql<string>`max(${invitationMails.sentAt})` }).from(invitationMails).where(eq(invitationMails.invitationId, invitation.id))
  const { id, toEmail, message, locale, sentAt, expiresAt, answeredAt } = invitation
  const from = sent?.last ? addDays(japanDate(new Date(sent.last)), reminder_days) : null
  return { id, toEmail, message, language: locale, state: invitationState(invitation, now), sentAt, expiresAt, answeredAt, mails: sent?.mails ?? 0, remindFrom: from && from > japanDate(now) ? from : null }
}
