import { z } from 'zod'
import { standings } from '../server/domain/standing.ts'
import { mostTiers } from '../server/domain/suppliers.ts'
import { exportFileKinds } from './due-diligence.ts'
import { day, line, oneOf } from './forms.ts'
import { Id, Instant, LegalDate, Once } from './shared.ts'

const tier = z.preprocess(value => (value === '' || value === undefined ? null : value), z.coerce.number({ error: 'field_number' }).int().min(1, 'field_too_small').max(mostTiers, 'field_too_big').nullable())

/** What to write down: the whole list or one tier or group of it, and the period whose changes are told. */
export const ExportForm = z.object({ from: day(), to: day(), tier, group: line(80).default('').transform(text => text || null), language: oneOf(['ja', 'en']), once: Once })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: 'field_date_order' })

const Export = z.object({
  id: Id, orderedAt: Instant, orderedBy: z.string(), language: z.enum(['ja', 'en']), tier: z.number().nullable(), group: z.string().nullable(), from: LegalDate, to: LegalDate,
  done: z.number(), all: z.number(), state: z.enum(['running', 'waiting', 'stuck', 'done']),
})
export const ExportsPage = z.object({ exports: z.array(Export), suppliers: z.number(), tiers: z.array(z.number()), groups: z.array(z.string()), period: z.object({ from: LegalDate, to: LegalDate }) })
export const ExportPage = Export.extend({
  publicUrl: z.string(), checkpointSize: z.number().nullable(), startedAt: Instant.nullable(), doneAt: Instant.nullable(),
  counts: z.array(z.object({ standing: z.enum([...standings, 'not_on_register']), count: z.number() })),
  files: z.array(z.object({ kind: z.enum(exportFileKinds), sha256: z.string(), size: z.number() })),
})
export const ExportOrdered = z.object({ id: Id, suppliers: z.number() })
export const ByFile = z.object({ id: Id, file: z.enum(exportFileKinds) })
