import { sql, type SQL } from 'drizzle-orm'

/** Whether a row of `findings` waits for the second person: zero tolerance, verified, nobody's word on that verification yet. */
export const isVerifiedOnce = (f: SQL): SQL => sql`(${f}.grade = 'zero_tolerance' and (last_review_of(${f}.id)).outcome = 'verified'
  and not exists (select from finding_closures c where c.review_id = (last_review_of(${f}.id)).id) and not exists (select from findings newer where newer.supersedes = ${f}.id))`
