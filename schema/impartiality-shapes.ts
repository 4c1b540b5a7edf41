import { z } from 'zod'
import { gapKinds } from '../server/domain/competence.ts'
import { stages } from '../server/domain/lifecycle.ts'
import { Id, Instant, LegalDate } from './shared.ts'

// C21, ISO/IEC 17065 5.2: how the work is done. Nothing here says who pays for what, and a client to whom the reader is tied is in none of the numbers.
// The answers of independence; whatever else was refused is no business of the committee.
export const refusedByIndependence = ['has_interest', 'not_independent', 'was_objected_to'] as const

const Named = z.object({ nameJa: z.string(), nameEn: z.string() })
const count = z.number()

export const ImpartialityQuery = z.object({ before: z.coerce.number().int().positive().optional().catch(undefined) })
export const Impartiality = z.object({
  stages: z.array(z.object({ stage: z.enum(stages), count })),
  longest: count,
  assessors: z.array(z.object({ name: z.string(), cases: count, minor: count, major: count, zeroTolerance: count, ties: count })),
  deciders: z.array(z.object({ name: z.string(), certified: count, refused: count })),
  objections: z.object({ raised: count, upheld: count, dismissed: count, open: count }),
  gaps: z.array(z.object({ at: Instant, employer: Named, assessor: z.string(), by: z.string(), gaps: z.array(z.enum(gapKinds)), justification: z.string() })),
  sampling: z.array(z.object({ applicationId: Id, employer: Named, heldOn: LegalDate.nullable(), foreignWorkers: count, sample: count, draws: count, asked: count.nullable(), agreed: count.nullable(), alone: count, inGroups: count, personDays: z.number(), justification: z.string() })),
  refusals: z.array(z.object({ id: z.number(), at: Instant, operation: z.string(), named: z.boolean(), by: z.string().nullable(), role: z.string(), about: z.string().nullable(), employer: Named.nullable(), reason: z.enum(refusedByIndependence) })),
  older: z.number().nullable(),
  newest: z.boolean(), // this is the first page of them
})
