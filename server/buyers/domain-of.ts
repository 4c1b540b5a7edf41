import { sql } from 'drizzle-orm'
import { people } from '../../schema/accounts.ts'

/**
 * What follows the @ in a person's mail address. A buyer names itself and nobody checks the name; that somebody reads mail at this domain has
 * been shown by how they signed in, so it stands beside the name wherever others decide whether to trust it.
 */
export const domainOf = sql<string>`split_part(lower(${people.email}), '@', 2)`
