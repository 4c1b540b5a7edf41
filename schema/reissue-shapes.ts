import { z } from 'zod'
import { line, neededProse } from './forms.ts'
import { Id, Instant, Once } from './shared.ts'

/** `keyId` empty: every certificate that has not come to its end; else those whose present file this key sealed. */
export const ReissueForm = z.object({ reason: neededProse(500), keyId: line(80).default(''), once: Once })

const Reissue = z.object({
  id: Id, reason: z.string(), requestedBy: z.string().nullable(), requestedAt: Instant, done: z.number(), all: z.number(), state: z.enum(['running', 'waiting', 'stuck', 'done']),
})
export const Reissues = z.object({ reissues: z.array(Reissue), current: z.number(), keys: z.array(z.object({ keyId: z.string(), certificates: z.number() })) })
export const ReissuePage = Reissue.extend({ problem: z.string().nullable() })
export const ReissueOrdered = z.object({ reissueId: Id, certificates: z.number() })
