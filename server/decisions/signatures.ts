import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import type { Condition } from '../domain/first-condition.ts'

export type FirstSignature = { signedBy: string; name: string; reasons: string; signedAt: string; condition: Condition | null }

/** Whether two persons sign this case for a certificate, and who signed first; whose signature an appeal set aside is not among them. */
export async function signaturesOf(db: Db, applicationId: string): Promise<{ two: boolean; first: FirstSignature | null }> {
  const [row] = await db.execute<{ two: boolean; first: FirstSignature | null }>(sql`
    select two_must_sign(${applicationId}::uuid) as two,
      (select json_build_object('signedBy', s.signed_by, 'name', p.name, 'reasons', s.reasons, 'signedAt', to_char(s.signed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'condition', case when s.condition is not null then json_build_object('text', s.condition, 'until', s.condition_until) end)
        from decision_signatures s join people p on p.id = s.signed_by where s.application_id = ${applicationId} and s.signed_by = first_signer(${applicationId}::uuid)) as first`)
  return row ?? { two: true, first: null }
}
