import { z } from 'zod'
import { moves, sides } from '../server/domain/appointments.ts'
import { CaseHead } from './case-head.ts'
import { day, neededLine, oneOf, prose } from './forms.ts'
import { FormKey, Id, Instant, LegalDate, Once } from './shared.ts'

const days = { startsOn: day(), endsOn: day() }
const inOrder = ({ startsOn, endsOn }: { startsOn: string; endsOn: string }) => endsOn >= startsOn, outOfOrder = { path: ['endsOn'], message: 'field_date_order' }

export const UnavailableForm = z.object({ ...days, reason: neededLine(200), form: FormKey, once: Once }).refine(inOrder, outOfOrder)
export const TakeBackForm = z.object({ unavailableId: Id, form: FormKey, once: Once })
export const ProposalForm = z.object({ ...days, note: prose(1000).default(''), form: FormKey, once: Once }).refine(inOrder, outOfOrder)
export const AnswerForm = z.object({ proposalId: Id, outcome: oneOf(['agreed', 'declined']), reason: prose(1000).default(''), form: FormKey, once: Once })
  .refine(({ outcome, reason }) => outcome === 'agreed' || reason !== '', { path: ['reason'], message: 'field_missing' })

const Days = z.object({ id: Id, startsOn: LegalDate, endsOn: LegalDate })
export const AppointmentsPage = z.object({
  head: CaseHead, side: z.enum(sides).nullable(), open: z.boolean(), move: z.enum(moves), today: LegalDate,
  planned: z.object({ startsOn: LegalDate, endsOn: LegalDate, insteadOfAgreed: z.boolean() }).nullable(),
  unavailable: z.array(Days.extend({ reason: z.string() })),
  proposals: z.array(Days.extend({ side: z.enum(sides), note: z.string(), at: Instant, answer: z.object({ outcome: z.enum(['agreed', 'declined']), reason: z.string(), at: Instant }).nullable() })),
})
export const AppointmentKept = z.object({ id: Id })
