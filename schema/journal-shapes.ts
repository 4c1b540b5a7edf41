import { z } from 'zod'
import { stages } from '../server/domain/lifecycle.ts'
import { CaseHead } from './case-head.ts'
import { Id, Instant } from './shared.ts'

export const ByApplication = z.object({ application: Id })
export const TrailQuery = z.object({ before: z.coerce.number().int().positive().optional().catch(undefined) })
export const Trail = z.object({
  application: CaseHead,
  entries: z.array(z.object({
    id: z.number(), at: Instant, actor: z.string().nullable(), role: z.string(), operation: z.string(), named: z.boolean(), subjectId: z.string().nullable(),
    moved: z.object({ from: z.enum(stages), to: z.enum(stages) }).nullable(), before: z.string().nullable(), after: z.string().nullable(), requestId: z.string().nullable(),
  })),
  older: z.number().nullable(),
})
