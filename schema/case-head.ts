import { z } from 'zod'
import { stages } from '../server/domain/lifecycle.ts'
import { Id, Instant } from './shared.ts'

/** What stands above every page about one application. `nameEn` is the Latin name, or the Japanese one where none is given. */
export const CaseHead = z.object({
  id: Id, nameJa: z.string(), nameEn: z.string(), stage: z.enum(stages), stageSince: Instant, ageDays: z.number(), dueAt: Instant.nullable(), overdue: z.boolean(),
  provisional: z.boolean(), // counted over holidays that are not published yet
  version: z.number(),
})
