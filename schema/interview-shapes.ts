import { z } from 'zod'
import { interviewCode, namesSomebody } from '../server/domain/anonymity.ts'
import { interviewForms, interviewLanguages, peopleIn } from '../server/domain/interviews.ts'
import { foldDigits } from '../server/domain/text.ts'
import { CaseHead } from './case-head.ts'
import { count, day, neededLine, oneOf, prose } from './forms.ts'
import { Instant, LegalDate, Once } from './shared.ts'
import { VoiceCount } from './visit-shapes.ts'

/** By code, never by name; `kind` on the wire is the form of the interview (`form` names the form of a page). A name in the code or in the notes is refused, and what was typed goes back to the writer alone. */
export const InterviewForm = z.object({
  code: neededLine(20).transform(text => foldDigits(text).toUpperCase()).refine(code => interviewCode.test(code), 'field_interview_code'),
  kind: oneOf(interviewForms), people: count(1, 20), language: oneOf(interviewLanguages), minutes: count(1, 240),
  notes: prose(6000).default('').refine(text => !namesSomebody(text), 'field_names_somebody'), heldOn: day(), once: Once,
}).refine(({ kind, people }) => people >= peopleIn[kind].least && people <= peopleIn[kind].most, { path: ['people'], message: 'field_people_in_interview' })

const Interview = z.object({
  id: z.string(), code: z.string(), kind: z.enum(interviewForms), people: z.number(), language: z.string(), minutes: z.number(), notes: z.string(), heldOn: LegalDate,
  writtenBy: z.string(), writtenAt: Instant,
})
export const InterviewsPage = z.object({
  head: CaseHead, mayAdd: z.boolean(), nextCode: z.string(), today: LegalDate, voice: VoiceCount, peersNeeded: z.number(), representativesNeeded: z.number(),
  languages: z.array(z.enum(interviewLanguages)), interviews: z.array(Interview),
})
export const InterviewKept = z.object({ interviewId: z.string(), code: z.string() })
