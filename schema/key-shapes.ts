import { z } from 'zod'

/** A later edition has a credential of its own; older ones stay to be read. */
export const CredentialQuery = z.object({ edition: z.coerce.number().int().min(1).max(100_000).optional() })
