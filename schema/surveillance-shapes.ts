import { z } from 'zod'
import { visitKinds, visitOutcomes, visitResults } from '../server/domain/surveillance.ts'
import { standings } from '../server/domain/standing.ts'
import { day, line, neededProse, oneOf, prose } from './forms.ts'
import { Id, Instant, LegalDate, Once } from './shared.ts'

const Next = z.object({ due: LegalDate, overdue: z.boolean() }).nullable()
/** A visit as staff see it. */
const Visit = z.object({
  id: Id, kind: z.enum(visitKinds), plannedOn: LegalDate, assessor: z.string(), team: z.string(), mine: z.boolean(),
  outcome: z.enum(visitOutcomes).nullable(), onDay: LegalDate.nullable(), result: z.enum(visitResults).nullable(), summary: z.string().nullable(), recordedAt: Instant.nullable(),
  wish: z.object({ on: LegalDate, reason: z.string() }).nullable(), // another day that the holder asks for
})
const Certificate = z.object({ certificateId: Id, number: z.string(), nameJa: z.string(), nameEn: z.string(), standing: z.enum(standings), expiresOn: LegalDate, next: Next, unannouncedBy: LegalDate.nullable(), days: z.number().nullable() })
export const SurveillanceList = z.object({
  as: z.enum(['operator', 'assessor']), certificates: z.array(Certificate.extend({ planned: z.array(Visit), extra: z.boolean() })), more: z.boolean(),
})
export const SurveillancePage = Certificate.extend({
  as: z.enum(['operator', 'assessor']), applicationId: Id, dues: z.array(LegalDate), visits: z.array(Visit), personDays: z.number().nullable(),
  candidates: z.array(z.object({ personId: Id, name: z.string(), gaps: z.boolean() })).nullable(), // null: nothing to plan for this reader, or any more
  declared: z.boolean(),
})
export const SurveillanceForm = z.object({ kind: oneOf(visitKinds), plannedOn: day(), personId: z.uuid({ error: 'field_missing' }), team: line(300).default(''), justification: prose(1000).default(''), once: Once })
export const SurveillancePlanned = z.object({ visitId: Id })
export const OfVisit = z.object({ id: Id, visit: Id })
export const HeldForm = z.object({ onDay: day(), result: oneOf(visitResults), summary: neededProse(4000), once: Once, form: z.string().max(60).optional() })
export const CalledOffForm = z.object({ summary: neededProse(1000), once: Once, form: z.string().max(60).optional() })
export const WishForm = z.object({ wishedOn: day(), reason: neededProse(1000), once: Once, form: z.string().max(60).optional() })
export const Wished = z.object({ wishId: Id })
export const OutcomeKept = z.object({ outcomeId: Id })
