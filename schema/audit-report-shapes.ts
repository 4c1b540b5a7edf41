import { z } from 'zod'

export const ReportQuery = z.object({ language: z.enum(['ja', 'en']).optional().catch(undefined) })
