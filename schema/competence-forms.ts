import { z } from 'zod'
import { competenceKinds } from '../server/domain/competence.ts'
import { industries } from '../server/domain/industries.ts'
import { interviewLanguages } from '../server/domain/interviews.ts'
import { day, neededLine, oneOf } from './forms.ts'
import { FormKey, Id, LegalDate, Once } from './shared.ts'

const Kind = z.enum(competenceKinds)
const Person = z.object({ personId: Id, name: z.string(), organisation: z.object({ nameJa: z.string(), nameEn: z.string() }).nullable() })

// C20: who can do what, and what runs out soon.
export const CompetenceRegister = z.object({
  people: z.array(Person.extend({ kinds: z.array(z.object({ kind: Kind, valid: z.number(), soonest: LegalDate.nullable(), ending: z.boolean() })) })),
})
export const CompetencePage = z.object({
  person: Person,
  own: z.boolean(), // nobody attests their own
  competences: z.array(z.object({ id: Id, kind: Kind, subject: z.string(), subjectJa: z.string(), subjectEn: z.string(), evidence: z.string(), obtainedOn: LegalDate, validUntil: LegalDate, state: z.enum(['valid', 'over', 'ended']), recordedBy: z.string() })),
  industries: z.array(z.object({ value: z.string(), nameJa: z.string(), nameEn: z.string() })), languages: z.array(z.string()),
})

const isOneOf = (list: readonly string[]) => (subject: string) => list.includes(subject)
const known: Partial<Record<(typeof competenceKinds)[number], (subject: string) => boolean>> = { sector: isOneOf(industries.map(({ value }) => value)), language: isOneOf(interviewLanguages) }

export const CompetenceForm = z.object({ kind: oneOf(competenceKinds), subject: neededLine(200), evidence: neededLine(300), obtainedOn: day(), validUntil: day(), form: FormKey, once: Once })
  .refine(({ kind, subject }) => known[kind]?.(subject) ?? true, { path: ['subject'], error: 'field_invalid' })
  .refine(({ obtainedOn, validUntil }) => validUntil > obtainedOn, { path: ['validUntil'], error: 'field_date_order' })
export const CompetenceKept = z.object({ id: Id })
export const CompetenceEnding = z.object({ once: Once })
