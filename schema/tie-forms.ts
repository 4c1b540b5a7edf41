import { z } from 'zod'
import { interestQuestions } from '../server/domain/independence.ts'
import { CorporateNumber } from './employer-shapes.ts'
import { day, neededProse, oneOf } from './forms.ts'
import { FormKey, Id, Instant, LegalDate, Once } from './shared.ts'

// A person of the scheme tells of a tie before any case asks. Nothing here says whether the company is a client.
export const TiesPage = z.object({
  ties: z.array(z.object({ id: Id, corporateNumber: z.string(), kind: z.enum(interestQuestions), statement: z.string(), endedOn: LegalDate.nullable(), countsUntil: LegalDate.nullable(), recordedAt: Instant })),
  kinds: z.array(z.enum(interestQuestions)),
  today: LegalDate,
})
export const TieForm = z.object({ corporateNumber: CorporateNumber.refine(number => number !== null, 'field_missing'), kind: oneOf(interestQuestions), statement: neededProse(2000), form: FormKey, once: Once })
export const TieEndForm = z.object({ endedOn: day(), form: FormKey, once: Once })
export const TieKept = z.object({ id: Id })
