import { z } from 'zod'
import { interestQuestions } from '../server/domain/independence.ts'
import { prose, yesNo } from './forms.ts'
import { CaseHead } from './case-head.ts'
import { Instant, Once } from './shared.ts'

// C3, ISO/IEC 17065 4.2 and 6.1.3. Only what one needs to know the client by; nothing of the case itself.
const Answered = z.object({ question: z.enum(interestQuestions), tied: z.boolean() })
export const InterestsPage = z.object({
  application: CaseHead.pick({ id: true, nameJa: true, nameEn: true, stage: true }),
  client: z.object({ corporateNumber: z.string().nullable(), prefecture: z.string(), addressJa: z.string(), representative: z.string() }),
  since: z.iso.date(), // the first day that the four questions about time look back to
  questions: z.array(z.enum(interestQuestions)),
  declared: z.object({ at: Instant, answers: z.array(Answered), statement: z.string(), until: z.iso.date() }).nullable(),
  renewal: Instant.nullable(), // when it was last declared: a year later it is asked again
})

export const InterestsForm = z.object({
  employed: yesNo(), paid: yesNo(), advised: yesNo(), trained: yesNo(), family_tie: yesNo(), financial_tie: yesNo(), statement: prose(2000).default(''), once: Once,
}).refine(({ statement, ...form }) => statement !== '' || interestQuestions.every(question => !form[question]), { path: ['statement'], error: 'field_missing' })
export const Declared = z.object({ free: z.boolean(), stage: z.string().nullable() })
