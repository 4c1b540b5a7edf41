import { and, isNull, ne, or } from 'drizzle-orm'
import { sponsorships } from '../../schema/sponsorships.ts'

/** An offer that is open, or was accepted and not ended. */
export const standing = and(isNull(sponsorships.endedAt), or(isNull(sponsorships.answer), ne(sponsorships.answer, 'declined')))
