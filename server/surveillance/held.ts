import { sql, type SQL } from 'drizzle-orm'

/** The days on which surveillances of a certificate were held, in order, as JSON. */
export const heldDays = (certificateId: SQL): SQL => sql`
  (select coalesce(json_agg(o.on_day order by o.on_day), '[]') from surveillance_visits v join surveillance_outcomes o on o.visit_id = v.id and o.outcome = 'held' where v.certificate_id = ${certificateId})`
