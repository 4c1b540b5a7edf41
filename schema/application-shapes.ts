import { z } from 'zod'
import { actions, stages } from '../server/domain/lifecycle.ts'
import { actors, roles } from '../server/domain/roles.ts'
import { CaseHead } from './case-head.ts'
import { oneOf, prose } from './forms.ts'
import { Id, Instant, Once, Version } from './shared.ts'

const Next = z.object({ mover: z.enum(roles), mine: z.boolean(), until: Instant.nullable(), overdue: z.boolean(), provisional: z.boolean() })

export const ApplicationList = z.object({
  company: z.string(), missing: z.number(), unsigned: z.number(), mayOpen: z.boolean(), standard: z.object({ code: z.string(), version: z.string() }),
  applications: z.array(z.object({ id: Id, standardId: z.string(), stage: z.enum(stages), openedAt: Instant, next: Next.nullable() })),
})
export const OpenForm = z.object({ once: Once })
export const Opened = z.object({ id: Id })

const Item = z.object({ label: z.string(), href: z.string() })
const Lack = z.object({ group: z.enum(['profile', 'agreements', 'answers', 'evidence']), items: z.array(Item) })
const Door = z.object({ key: z.string(), label: z.string(), href: z.string(), now: z.boolean() })

/** The page of one application as this viewer may see it; everybody with a part in it lands here. */
export const Hub = z.object({
  head: CaseHead, standardId: z.string(), submittedAt: Instant.nullable(), held: z.array(z.enum(roles)),
  steps: z.array(z.object({ key: z.string(), label: z.string(), state: z.enum(['done', 'current', 'next']) })), ended: z.enum(['certified', 'refused', 'declined', 'withdrawn']).nullable(),
  next: Next.nullable(), progress: z.object({ all: z.number(), answered: z.number(), complete: z.number() }), lacks: z.array(Lack), returnedBecause: z.string().nullable(),
  todo: Item.nullable(), doors: z.array(Door), maySubmit: z.boolean(), mayWithdraw: z.boolean(),
  history: z.array(z.object({ at: Instant, action: z.enum(['open', ...actions]), role: z.enum(actors), what: z.string(), who: z.string(), note: z.string().nullable() })),
  certificate: z.object({ number: z.string(), issued: z.boolean() }).nullable(), renews: z.string().nullable(),
})

// In the page each step asks for a tick; a program says what it does by saying it.
export const StepForm = z.object({
  action: oneOf(['submit', 'withdraw']), version: Version, reasons: prose(2000).default(''), confirmed: z.string().optional(), form: z.string().max(40).optional(), once: Once,
}).refine(({ form, confirmed }) => form === undefined || confirmed !== undefined, { error: 'field_tick', path: ['confirmed'] })
export type StepForm = z.infer<typeof StepForm>
export const Stepped = z.object({ id: Id, stage: z.enum(stages) })
