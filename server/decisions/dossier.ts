import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'

/** A row of the dossier that is not as it was sealed. `added` came later: the decision does not rest on it. */
export type Difference = { part: string; change: 'changed' | 'missing' | 'added' }
export type Sealed = { sha256: string; sealedAt: Date; logSeq: number; parts: number; since: Difference[] }

/** The dossier as Postgres sealed it when the case was recommended (migration 0028), and what became of its rows since. */
export async function sealedDossier(db: Db, applicationId: string): Promise<Sealed | null> {
  const [row] = await db.execute<Omit<Sealed, 'sealedAt'> & { sealedAt: string }>(sql`
    select sha256, sealed_at as "sealedAt", log_seq::int as "logSeq", (select count(*)::int - 2 from jsonb_object_keys(parts)) as parts,
      (select coalesce(json_agg(json_build_object('part', part, 'change', change) order by part), '[]') from dossier_differences(application_id)) as since
    from dossiers where application_id = ${applicationId}`)
  return row ? { ...row, sealedAt: new Date(row.sealedAt) } : null
}

/** Rows that nobody can have changed who kept to the promises: a decision on such a file is refused. */
export const altered = ({ since }: Sealed): string[] => since.filter(({ change }) => change !== 'added').map(({ part }) => part)
