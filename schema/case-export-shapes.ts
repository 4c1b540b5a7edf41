import { z } from 'zod'
import { CaseHead } from './case-head.ts'

/** What would be in an export for this reader, before it is taken. */
export const CaseExportPage = z.object({
  head: CaseHead, edition: z.enum(['employer', 'operator', 'assessor', 'decision_maker']), files: z.number(), bytes: z.number(), waiting: z.number(), infected: z.number(), sealed: z.boolean(), report: z.boolean(),
  withheld: z.array(z.string()), // sections of the case that are not for this reader
})
