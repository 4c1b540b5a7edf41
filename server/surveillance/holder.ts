import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { OwnCertificates } from '../../schema/standing-shapes.ts'
import type { Db } from '../adapters/database.ts'
import type { Standing } from '../domain/standing.ts'
import { nextSurveillance, type VisitKind } from '../domain/surveillance.ts'
import { standardInForce } from '../standard/queries.ts'

type Told = z.infer<typeof OwnCertificates>['certificates'][number]['surveillance']
type Certificate = { certificateId: string; standing: Standing; decidedOn: string; expiresOn: string }
const over: readonly Standing[] = ['withdrawn', 'expired', 'transferred', 'surrendered', 'replaced']

/** What the holder may know: a visit without notice is not there, whatever is asked, until it was held. */
export async function surveillanceOfHolder(db: Db, { certificateId, standing, decidedOn, expiresOn }: Certificate, today: string): Promise<Told> {
  if (over.includes(standing)) return null
  const clock = (await standardInForce(db, today)).content.grading.surveillance
  const rows = await db.execute<{ visitId: string; kind: VisitKind; plannedOn: string; onDay: string | null; wished: string | null }>(sql`
    select v.id as "visitId", w.wished_on::text as wished, v.kind, v.planned_on::text as "plannedOn", o.on_day::text as "onDay" from surveillance_visits v left join surveillance_outcomes o on o.visit_id = v.id left join surveillance_wishes w on w.visit_id = v.id
    where v.certificate_id = ${certificateId} and (o.outcome = 'held' or (o.id is null and v.kind = 'announced')) order by coalesce(o.on_day, v.planned_on)`)
  const held = [...rows].flatMap(({ kind, onDay }) => (onDay ? [{ on: onDay, unannounced: kind === 'unannounced' }] : []))
  return { next: nextSurveillance({ decidedOn, expiresOn, clock }, { held: held.map(({ on }) => on), today }), planned: [...rows].flatMap(({ visitId, plannedOn: on, onDay, wished }) => (onDay ? [] : [{ visitId, on, wished, mayWish: wished === null && on > today }])), held }
}
