import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { ToClosePage } from '../../schema/finding-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { isOverdue } from '../domain/deadlines.ts'
import { findingStages } from '../domain/findings.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById } from '../standard/queries.ts'
import { untied } from '../ties/untied.ts'
import { isVerifiedOnce } from './verified-once.ts'

type Row = { id: string; criterion: string; standardId: string; nameJa: string; nameEn: string; verifiedAt: string; due: string | null; signed: { name: string; at: string; mine: boolean } | null }

/** For those who decide: what waits for two of them, and who has signed already. A case in which they took part, or with whose client they are tied, is not there for them (C3, C4). */
export async function toClose(db: Db, { personId, tiedTo }: Viewer, now: Date): Promise<z.infer<typeof ToClosePage>> {
  const rows = await db.execute<Row>(sql`
    select f.id, f.criterion, a.standard_id as "standardId", e.name_ja as "nameJa", coalesce(nullif(e.name_latin, ''), e.name_ja) as "nameEn", (last_review_of(f.id)).reviewed_at as "verifiedAt", f.verified_due as due,
      (select json_build_object('name', p.name, 'at', c.closed_at, 'mine', p.id = ${personId}) from finding_closures c join people p on p.id = c.closed_by where c.review_id = (last_review_of(f.id)).id and c.outcome = 'signed' order by c.closed_by = ${personId} desc, c.closed_at, c.id limit 1) as signed
    from findings f join applications a on a.id = f.application_id join employers e on e.id = a.employer_id
    where a.stage::text in (${sql.join(findingStages.map(stage => sql`${stage}`), sql`, `)}) and ${isVerifiedOnce(sql`f`)} and parts_taken(a.id, ${personId}) = '{}' and ${untied(sql`a.employer_id`, tiedTo)} order by 6, f.id limit 200`)
  const lines = []
  for (const { standardId, verifiedAt, due, signed, ...row } of rows) {
    const title = (await standardById(db, standardId)).content.criteria.find(({ id }) => id === row.criterion)
    const until = due === null ? null : new Date(due)
    lines.push({ ...row, signed: signed && { ...signed, at: new Date(signed.at) }, titleJa: title?.titleJa ?? row.criterion, titleEn: title?.titleEn ?? row.criterion, verifiedAt: new Date(verifiedAt), due: until, overdue: until !== null && isOverdue(until, now) })
  }
  return { findings: lines }
}
