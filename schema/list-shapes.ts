import { z } from 'zod'
import { listFaults, listOutcomes } from '../server/domain/list-row.ts'
import { standings } from '../server/domain/standing.ts'
import { line, neededLine } from './forms.ts'
import { listStates } from './lists.ts'
import { Id, Instant, LegalDate, Once } from './shared.ts'

const cell = z.union([z.string().max(400), z.number()]).optional().transform(value => (value === undefined ? '' : String(value)))

/** A list typed or pasted by a person, or sent by a program. Files come to /lists/upload. */
export const NewList = z.object({
  name: line(100).optional().transform(name => name ?? ''), once: Once,
  text: z.string().max(20_000_000).optional(),
  rows: z.array(z.object({ number: cell, corporateNumber: cell, name: cell, prefecture: cell, country: cell, tier: cell, group: cell })).min(1).max(100_000).optional(),
}).refine(({ text, rows }) => rows || text?.trim(), { path: ['text'], message: 'field_missing' })
export type NewList = z.infer<typeof NewList>

export const ListMade = z.object({ id: Id, url: z.string() })

const Summary = z.object({
  id: Id, name: z.string(), state: z.enum(listStates), problem: z.string().nullable(), problemParams: z.record(z.string(), z.union([z.string(), z.number()])), rows: z.number(), bytes: z.number(), size: z.number(),
  createdAt: Instant, by: z.string(), adoptedAt: Instant.nullable(), undoneAt: Instant.nullable(),
})
export const Lists = z.object({ lists: z.array(Summary), limitMb: z.number() })

const OnRegister = z.object({ number: z.string(), holder: z.string(), nameJa: z.string(), prefecture: z.string(), standing: z.enum(standings), since: LegalDate, expiresOn: LegalDate })
export const ListLine = z.object({
  line: z.number(), typedNumber: z.string(), typedCorporate: z.string(), name: z.string(), prefecture: z.string(), country: z.string(), tier: z.number().nullable(), group: z.string(),
  fault: z.enum(listFaults).nullable(), outcome: z.enum(listOutcomes), found: OnRegister.nullable(), candidates: z.array(OnRegister), take: z.boolean(), watched: z.boolean(),
})
export type ListLine = z.infer<typeof ListLine>

export const ListPage = Summary.extend({
  outcomes: z.array(z.object({ outcome: z.enum(listOutcomes), lines: z.number() })), most: z.number(),
  counts: z.object({ taken: z.number(), probable: z.number(), unknown: z.number(), added: z.number() }),
  asked: z.enum(listOutcomes).nullable(), lines: z.array(ListLine), next: z.number().nullable(), first: z.boolean(),
})
const lastLine = 2_147_483_647 // an integer of Postgres
export const ListQuery = z.looseObject({ outcome: z.enum(listOutcomes).optional().catch(undefined), after: z.coerce.number().int().min(0).max(lastLine).optional().catch(undefined) })
export const ByLine = z.object({ id: Id, line: z.coerce.number().int().min(1).max(lastLine) })
/** `holder` chosen for one line, or none: then it is not taken. */
export const LineChoice = z.object({ holder: z.union([z.literal(''), z.string().regex(/^RE-JP-\d{4}-\d{6}$/, 'field_invalid')]), once: Once })
const tick = z.preprocess(value => value === 'yes' || value === true, z.boolean())
export const Adoption = z.object({ probable: tick, unknown: tick, once: Once })
export const Undoing = z.object({ once: Once })
export const Adopted = z.object({ added: z.number() })
export const Undone = z.object({ removed: z.number() })
export const Chosen = z.object({ line: z.number(), take: z.boolean() })
export const ListName = neededLine(100)
