import { z } from 'zod'
import { standings } from '../server/domain/standing.ts'
import { reasonClasses } from './certificate-shapes.ts'
import { LegalDate } from './shared.ts'

export const ByHash = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/i) })

/** A file that we sealed once, and what its certificate is worth today. `replacedOn`: since when there is a newer edition of the same number. */
export const FileOnRegister = z.object({
  number: z.string(), edition: z.number(), currentEdition: z.number(), replacedOn: LegalDate.nullable(), standing: z.enum(standings), since: LegalDate,
  reasonClass: z.enum(reasonClasses).nullable(), expiresOn: LegalDate, asOf: LegalDate, holder: z.object({ nameJa: z.string(), nameLatin: z.string() }),
  sha256: z.string(), size: z.number(), url: z.string(),
})
export type FileOnRegister = z.infer<typeof FileOnRegister>
