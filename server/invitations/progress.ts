import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Progress } from '../../schema/invitation-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { coarseStep } from '../domain/invitations.ts'
import type { Stage } from '../domain/lifecycle.ts'
import type { Standing } from '../domain/standing.ts'

type Told = z.infer<typeof Progress>
type Row = { employerId: string; stage: Stage | null; number: string | null; standing: Standing | null; since: string | null; expiresOn: string | null }

/** How far each of these employers is, in a word; of a certificate only what the register tells everybody. One statement, however many. */
export async function progressOf(db: Db, employerIds: readonly string[], today: string): Promise<Map<string, Told>> {
  if (employerIds.length === 0) return new Map()
  const rows = await db.execute<Row>(sql`
    select e.id as "employerId", a.stage::text as stage, r.number, ${effective(today)} as standing, ${effectiveSince(today)} as since, r.expires_on::text as "expiresOn"
    from employers e
      left join lateral (select stage from applications where employer_id = e.id order by opened_at desc limit 1) a on true
      left join lateral (select r.* from register_entries r join certificates c on c.id = r.certificate_id where c.employer_id = e.id order by r.cycle desc, r.issued_on desc limit 1) r on true
    where e.id in (${sql.join(employerIds.map(id => sql`${id}::uuid`), sql`, `)})`)
  return new Map(rows.map(({ employerId, stage, ...certificate }) => [employerId, { step: coarseStep(stage, isValid(certificate.standing)), ...certificate }]))
}

const valid: readonly string[] = ['certified', 'certified_with_condition', 'scope_reduced']
export const isValid = (standing: string | null) => standing !== null && valid.includes(standing)

// The register tells what the events say; that the last day has passed is for the reader to add (schema/register.ts). On register_entries as r.
const over = (today: string) => sql`(r.expires_on < ${today} and r.standing not in ('withdrawn', 'surrendered', 'transferred', 'replaced', 'expired'))`
export const effective = (today: string) => sql`case when ${over(today)} then 'expired' else r.standing end`
export const effectiveSince = (today: string) => sql`(case when ${over(today)} then r.expires_on + 1 else r.standing_since end)::text`
