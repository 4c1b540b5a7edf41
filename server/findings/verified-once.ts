import { sql, type SQL } from 'drizzle-orm'

/** Whether a row of `findings` waits for its two deciders: zero tolerance, verified, and that verification neither closed nor returned. One signature alone does neither. */
export const isVerifiedOnce = (f: SQL): SQL => sql`(${f}.grade = 'zero_tolerance' and (last_review_of(${f}.id)).outcome = 'verified'
  and not exists (select from finding_closures c where c.review_id = (last_review_of(${f}.id)).id and c.outcome <> 'signed') and not exists (select from findings newer where newer.supersedes = ${f}.id))`
