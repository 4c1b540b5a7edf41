import { z } from 'zod'
import { gapKinds } from '../server/domain/competence.ts'
import { interestQuestions, tieKinds } from '../server/domain/independence.ts'
import { distances, exclusions } from '../server/domain/proposals.ts'
import { assignmentParts } from './assessments.ts'
import { CaseHead } from './case-head.ts'
import { oneOf, prose } from './forms.ts'
import { FormKey, Id, Instant, Once } from './shared.ts'

const Part = z.enum(assignmentParts)
const Organisation = z.object({ nameJa: z.string(), nameEn: z.string() })

export const AssignmentsPage = z.object({
  application: CaseHead,
  open: z.boolean(), // somebody may be assigned now
  assignments: z.array(z.object({
    id: Id, name: z.string(), organisation: Organisation.nullable(), part: Part, assignedAt: Instant, endedAt: Instant.nullable(),
    declaredAt: Instant.nullable(), stale: z.boolean(), ties: z.array(z.enum(interestQuestions)),
  })),
  needed: z.object({ industry: z.object({ nameJa: z.string(), nameEn: z.string() }), languages: z.array(z.string()) }),
  // the fittest first: what speaks for each, and what against
  assessors: z.array(z.object({
    personId: Id, name: z.string(), organisation: Organisation.nullable(), load: z.number(), taken: z.boolean(), excluded: z.enum(exclusions).nullable(), ties: z.array(z.enum(tieKinds)),
    gaps: z.array(z.enum(gapKinds)), spoken: z.array(z.string()), unspoken: z.array(z.string()), distance: z.enum(distances),
  })),
  heaviest: z.number(), // the greatest load: where a bar is full
  others: z.array(z.object({ personId: Id, name: z.string(), me: z.boolean() })), // who may be put on record as interpreter, adviser or seller, by the name that was searched for
  searched: z.string(), moreOthers: z.boolean(),
})

export const AssignmentsQuery = z.object({ name: z.string().trim().max(100).default('').catch('') })
export const AssignmentForm = z.object({ personId: z.uuid({ error: 'field_missing' }), part: oneOf(assignmentParts), justification: prose(1000).default(''), giveUp: z.literal('yes').optional().catch(undefined), form: FormKey, once: Once })
export const Assigned = z.object({ assignmentId: Id })
export const EndingForm = z.object({ once: Once })
