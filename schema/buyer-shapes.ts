import { z } from 'zod'
import { alertModes } from '../server/domain/alerts.ts'
import { readCorporateNumber } from '../server/domain/corporate-number.ts'
import { invitationStates } from '../server/domain/invitations.ts'
import { line, neededLine, oneOf } from './forms.ts'
import { Id, Instant, Once } from './shared.ts'

const CorporateNumber = line(60).optional().transform((text, context) => {
  if (!text) return null
  const read = readCorporateNumber(text)
  if ('corporateNumber' in read) return read.corporateNumber
  context.addIssue({ code: 'custom', message: `field_${read.refused}` })
  return z.NEVER
})

export const BuyerForm = z.object({ nameJa: neededLine(100), nameEn: neededLine(100), corporateNumber: CorporateNumber, once: Once, form: z.string().max(40).optional() })
export const MemberForm = z.object({ email: neededLine(200).transform(text => text.toLowerCase()).pipe(z.email({ error: 'field_email' })), once: Once, form: z.string().max(40).optional() })
export const AlertForm = z.object({ alerts: oneOf(alertModes), once: Once, form: z.string().max(40).optional() })
export const NewBuyerPage = z.object({ nameJa: z.string(), nameEn: z.string(), corporateNumber: z.string() })
export const BuyerPage = z.object({
  nameJa: z.string(), nameEn: z.string(), corporateNumber: z.string().nullable(), code: z.string(), alerts: z.enum(alertModes),
  members: z.array(z.object({ id: Id, name: z.string(), email: z.string(), alerts: z.enum(alertModes), since: Instant, me: z.boolean() })),
  asked: z.array(z.object({ id: Id, email: z.string(), state: z.enum(invitationStates), expiresAt: Instant })),
})
/** Who asks the reader to join. `reader`: what they belong to now, which decides whether they can. */
export const MembershipsPage = z.object({ reader: z.enum(['free', 'employer', 'member', 'staff']), invitations: z.array(z.object({ id: Id, buyer: z.object({ nameJa: z.string(), nameEn: z.string() }), by: z.string(), expiresAt: Instant })) })
export const BuyerSaved = z.object({ buyerId: Id })
