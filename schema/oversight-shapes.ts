import { z } from 'zod'

const Counts = z.object({
  received: z.number(), answered: z.number(), open: z.number(), upheld: z.number(), notUpheld: z.number(), sharePercent: z.number().nullable(), medianDays: z.number().nullable(), longestDays: z.number().nullable(),
})
/** What everybody may know of appeals and complaints; counted again from the log it is the same (server/proof/remedies.ts). */
/** `logSize`: the lines that there were when it was counted. */
export const Oversight = z.object({ appeals: Counts, complaints: Counts, logSize: z.number() })
