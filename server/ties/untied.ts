import { sql, type AnyColumn, type SQL } from 'drizzle-orm'

/** C3: of a list, only what is no business of an employer that the reader is tied to (Viewer.tiedTo). What belongs to no employer stays. */
export const untied = (employerId: AnyColumn | SQL, tiedTo: readonly string[]): SQL => sql`coalesce(${employerId} <> all(${`{${tiedTo.join(',')}}`}::uuid[]), true)`

/** Is the person of a row tied to the employer of a row on this day? For lists of several people. */
export const isTied = (personId: AnyColumn | SQL, employerId: AnyColumn | SQL, today: string): SQL<boolean> =>
  sql<boolean>`exists (select from ties where ties.person_id = ${personId} and ties.employer_id = ${employerId} and ties.until > ${today})`
