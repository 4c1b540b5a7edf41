import { z } from 'zod'
import { interestQuestions } from '../server/domain/independence.ts'
import { assignmentParts } from './assessments.ts'
import { CaseHead } from './case-head.ts'
import { oneOf } from './forms.ts'
import { FormKey, Id, Instant, Once } from './shared.ts'

const Part = z.enum(assignmentParts)
const Organisation = z.object({ nameJa: z.string(), nameEn: z.string() })

export const AssignmentsPage = z.object({
  application: CaseHead,
  open: z.boolean(), // somebody may be assigned now
  assignments: z.array(z.object({
    id: Id, name: z.string(), organisation: Organisation.nullable(), part: Part, assignedAt: Instant, endedAt: Instant.nullable(),
    declaredAt: Instant.nullable(), ties: z.array(z.enum(interestQuestions)),
  })),
  assessors: z.array(z.object({ personId: Id, name: z.string(), organisation: Organisation.nullable(), load: z.number(), taken: z.boolean() })),
  heaviest: z.number(), // the greatest load: where a bar is full
  others: z.array(z.object({ personId: Id, name: z.string() })), // who may be put on record as interpreter, adviser or seller
})

export const AssignmentForm = z.object({ personId: z.uuid({ error: 'field_missing' }), part: oneOf(assignmentParts), form: FormKey, once: Once })
export const Assigned = z.object({ assignmentId: Id })
export const EndingForm = z.object({ once: Once })
