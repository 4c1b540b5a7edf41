import { z } from 'zod'
import { coarseSteps, hasLink, invitationStates } from '../server/domain/invitations.ts'
import { sponsoredSteps, sponsorshipStates } from '../server/domain/sponsorships.ts'
import { standings } from '../server/domain/standing.ts'
import { neededLine, neededProse, oneOf, prose } from './forms.ts'
import { FormKey, Id, Instant, LegalDate, Once } from './shared.ts'

const withoutLink = (text: string) => !hasLink(text)
const Mail = neededLine(254).transform(text => text.normalize('NFKC').toLowerCase()).refine(text => z.email().safeParse(text).success, 'field_email')

/** `terms` filled: with the invitation goes the offer to pay for the assessment. */
export const InvitationForm = z.object({
  toEmail: Mail, language: oneOf(['ja', 'en']), message: prose(300).default('').refine(withoutLink, 'field_link'), terms: prose(500).default('').refine(withoutLink, 'field_link'), once: Once, form: FormKey,
})
export const SponsorshipForm = z.object({ terms: neededProse(500).refine(withoutLink, 'field_link'), once: Once, form: FormKey })
export const AnswerForm = z.object({ once: Once, form: FormKey })
export const ByToken = z.object({ token: z.string().regex(/^[\w-]{43}$/) })
export const Done = z.object({ id: Id })

/** What the buyer is told of a supplier that accepted: a step in a word, and of a certificate what everybody may know. */
export const Progress = z.object({ step: z.enum(coarseSteps), number: z.string().nullable(), standing: z.enum(standings).nullable(), since: LegalDate.nullable(), expiresOn: LegalDate.nullable() })

const Buyer = z.object({ nameJa: z.string(), nameEn: z.string() })

/** What a sponsor is told, and nothing else. */
export const SponsoredStatus = z.object({
  id: Id, supplier: z.string(), supplierId: Id, terms: z.string(), state: z.enum(sponsorshipStates), offeredAt: Instant, answeredAt: Instant.nullable(), endedAt: Instant.nullable(), endedBy: z.enum(['sponsor', 'employer']).nullable(),
  step: z.enum(sponsoredSteps).nullable(), submittedOn: LegalDate.nullable(), decidedOn: LegalDate.nullable(), certificate: z.string().nullable(),
})
export const SponsorshipsPage = z.object({ sponsorships: z.array(SponsoredStatus) })

const Invitation = z.object({ id: Id, toEmail: z.string(), message: z.string(), language: z.string(), state: z.enum(invitationStates), sentAt: Instant, expiresAt: Instant, answeredAt: Instant.nullable(), mails: z.number(), remindFrom: LegalDate.nullable() })
/** The page of one supplier: its invitation, if any, and what may be done. */
export const SupplierInvitationPage = z.object({
  supplier: z.object({ id: Id, name: z.string(), certified: z.boolean() }), invitation: Invitation.nullable(), mayInvite: z.boolean(), quietUntil: LegalDate.nullable(), mailsLeft: z.number(), days: z.number(),
  acceptedBy: Buyer.nullable(), progress: Progress.nullable(), sponsorship: SponsoredStatus.nullable(), mayOffer: z.boolean(),
})
export const InvitationsPage = z.object({
  invitations: z.array(z.object({ supplierId: Id, supplier: z.string(), state: z.enum(invitationStates), sentAt: Instant, step: z.enum(coarseSteps).nullable() })),
  counts: z.array(z.object({ state: z.enum(invitationStates), count: z.number() })), more: z.boolean(),
})

/** What the invited reads: who asks, what it means. `viewer`: what stands between this reader and accepting. */
export const InvitationPage = z.object({
  token: z.string(), buyer: Buyer, message: z.string(), state: z.enum(invitationStates), expiresAt: Instant, sponsorship: z.object({ terms: z.string() }).nullable(),
  viewer: z.enum(['nobody', 'ready', 'no_company', 'other_role']), company: z.string().nullable(),
})

/** The employer's own side: buyers that named themselves, and those it named. Who merely watches is not here, because nobody may know. */
export const EmployerBuyersPage = z.object({
  invitations: z.array(z.object({ id: Id, buyer: Buyer, state: z.enum(invitationStates), answeredAt: Instant, viewEndedAt: Instant.nullable(), step: z.enum(coarseSteps) })),
  sponsorships: z.array(z.object({ id: Id, buyer: Buyer, terms: z.string(), state: z.enum(sponsorshipStates), offeredAt: Instant, answeredAt: Instant.nullable(), endedAt: Instant.nullable(), endedBy: z.enum(['sponsor', 'employer']).nullable(), mayEnd: z.boolean() })),
  grants: z.array(z.object({ id: Id, buyer: Buyer, code: z.string(), grantedAt: Instant, withdrawnAt: Instant.nullable() })), hasSummary: z.boolean(), known: z.boolean(),
})
