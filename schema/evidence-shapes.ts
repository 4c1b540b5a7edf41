import { z } from 'zod'
import { scanStates } from './documents.ts'
import { Id, Instant, Once } from './shared.ts'

// A document as its readers see it. The key in storage is nobody's business.
export const Document = z.object({
  id: z.string(), name: z.string(), size: z.number(), type: z.string(), sha256: z.string(), scan: z.enum(scanStates), uploadedAt: Instant, uploadedBy: z.string(),
  criteria: z.array(z.string()), carried: z.boolean(), tooOld: z.boolean(),
})
export const Evidence = z.object({ applicationId: z.string(), stage: z.string(), mayAdd: z.boolean(), documents: z.array(Document) })
export const AttachForm = z.object({ documentId: Id, once: Once })
export const DetachForm = z.object({ once: Once })
export const Kept = z.object({ documentId: z.string(), name: z.string(), size: z.number(), sha256: z.string() })
