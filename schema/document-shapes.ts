import { z } from 'zod'
import { Id } from './shared.ts'

/** The first sheet of a spreadsheet, or a CSV file, as texts: nothing in it runs. `more`: there is more than is shown. */
export const DocumentTable = z.object({ id: Id, name: z.string(), rows: z.array(z.array(z.string())), more: z.boolean(), problem: z.enum(['broken', 'too_large']).nullable() })
