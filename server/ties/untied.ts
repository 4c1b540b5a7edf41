import { sql, type AnyColumn, type SQL } from 'drizzle-orm'

/** C3: of a list, only what is no business of an employer that the reader is tied to (Viewer.tiedTo). What belongs to no employer stays. */
export const untied = (employerId: AnyColumn | SQL, tiedTo: readonly string[]): SQL => sql`coalesce(${employerId} <> all(${`{${tiedTo.join(',')}}`}::uuid[]), true)`

/** Is somebody of many tied to some employer of many on this day? The ties are read once, and not once for each row. */
export const isTiedAmong = (personId: AnyColumn | SQL, employerId: AnyColumn | SQL, today: string): SQL<boolean> =>
  sql<boolean>`(${personId}, ${employerId}) in (select ties.person_id, ties.employer_id from ties where ties.until > ${today})`

/** The same where there is one employer, or one person. */
export const isTied = (personId: AnyColumn | SQL, employerId: AnyColumn | SQL, today: string): SQL<boolean> =>
  sql<boolean>`exists (select from ties where ties.person_id = ${personId} and ties.employer_id = ${employerId} and ties.until > ${today})`

/** Is somebody tied to the company that a complaint is about: certified, or named in it by its corporate number? As Postgres has it (migration 0036). */
export const isTiedToComplaint = (complaintId: AnyColumn | SQL, personId: AnyColumn | SQL, today: string): SQL<boolean> => sql<boolean>`is_tied_to_complaint(${complaintId}, ${personId}, ${today}::date)`
