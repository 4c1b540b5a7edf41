import { sql, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import type { ChangePage, Changes, OwnChanges } from '../../schema/change-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { isReportedLate, report_days } from '../domain/changes.ts'
import type { Standing } from '../domain/standing.ts'
import type { Viewer } from '../http/viewer.ts'
import { standingOn } from '../register/search.ts'
import { untied } from '../ties/untied.ts'

export type Change = z.infer<typeof Changes>['changes'][number] & { applicationId: string; employerId: string; standing: Standing; tookPart: boolean }
type Asking = Pick<Viewer, 'personId' | 'tiedTo' | 'today'>

const most = 300

/** Reports of change with what was made of them, what waits first, the nearest date before. Of a client to whom the reader is tied there is none (C3). */
export async function changesAmong(db: Db, { personId, tiedTo, today }: Asking, where: SQL): Promise<Change[]> {
  const rows = await db.execute<Change>(sql`
    select r.id, r.kind, r.happened_on::text as "happenedOn", r.account, r.workers_before as "workersBefore", r.workers_now as "workersNow", r.reported_at as "reportedAt", r.review_by::text as "reviewBy",
      v.outcome, v.reasons, v.reviewed_at as "reviewedAt", p.name as reviewer, c.id as "certificateId", c.application_id as "applicationId", c.employer_id as "employerId", e.number, e.name_ja as "nameJa", coalesce(nullif(e.name_latin, ''), e.name_ja) as "nameEn",
      e.now as standing, cardinality(parts_taken(c.application_id, ${personId})) > 0 as "tookPart"
    from change_reports r join certificates c on c.id = r.certificate_id join (select *, ${standingOn(today)} as now from register_entries) e on e.certificate_id = c.id
      left join change_reviews v on v.report_id = r.id left join people p on p.id = v.reviewed_by
    where ${untied(sql`c.employer_id`, tiedTo)} and ${where} order by v.id is not null, r.review_by, r.reported_at desc, r.id limit ${most}`)
  return [...rows].map(row => {
    const reportedAt = new Date(row.reportedAt), reviewedAt = row.reviewedAt && new Date(row.reviewedAt)
    return { ...row, reportedAt, reviewedAt, reportedLate: isReportedLate(row.happenedOn, japanDate(reportedAt)), overdue: (reviewedAt ? japanDate(reviewedAt) : today) > row.reviewBy }
  })
}

export async function changesPage(db: Db, viewer: Viewer): Promise<z.infer<typeof Changes>> {
  const changes = await changesAmong(db, viewer, sql`true`), waiting = changes.filter(({ outcome }) => outcome === null)
  return { changes, waiting: waiting.length, overdue: waiting.filter(({ overdue }) => overdue).length }
}

/** For the secretariat, and for a decision maker who had no hand in the case: a proposal is read where it is decided. */
export async function changePage(db: Db, id: string, viewer: Viewer): Promise<z.infer<typeof ChangePage> | null> {
  const [change] = await changesAmong(db, viewer, sql`r.id = ${id}`), operator = viewer.roles.includes('operator')
  return change && (operator || !change.tookPart) ? { ...change, mayReview: operator && change.outcome === null } : null
}

/** The certificate that the holder reports about: its newest that has not ended. */
export async function certificateInForce(db: Db, employerId: string, today: string): Promise<{ certificateId: string; applicationId: string; number: string; nameJa: string } | undefined> {
  const [row] = await db.execute<{ certificateId: string; applicationId: string; number: string; nameJa: string }>(sql`
    select c.id as "certificateId", c.application_id as "applicationId", e.number, e.name_ja as "nameJa" from (select *, ${standingOn(today)} as now from register_entries) e join certificates c on c.id = e.certificate_id
    where c.employer_id = ${employerId} and e.now in ('certified', 'certified_with_condition', 'scope_reduced', 'suspended') order by e.cycle desc limit 1`)
  return row
}

export async function ownChanges(db: Db, { employerId, ...viewer }: Viewer): Promise<z.infer<typeof OwnChanges>> {
  const certificate = employerId ? await certificateInForce(db, employerId, viewer.today) : undefined
  const changes = employerId ? await changesAmong(db, viewer, sql`c.employer_id = ${employerId}`) : []
  return { certificate: certificate?.number ?? null, reportDays: report_days, today: viewer.today, changes }
}
