import type postgres from 'postgres'

/**
 * For tests of what is told of a history, whichever it is: events after an end, ends that nobody decided. The promise against them
 * (an_end_is_kept; test/database/standing-decisions.test.ts) rests in this database.
 */
export const anyHistory = async (sql: postgres.Sql) => void await sql`alter table certificate_events disable trigger an_end_is_kept`
