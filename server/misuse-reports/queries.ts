import { and, asc, desc, eq, sql, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { certificates } from '../../schema/certificates.ts'
import { misuseReports, misuseReportSteps } from '../../schema/misuse-reports.ts'
import type { MisuseReportPage, MisuseReportsPage } from '../../schema/misuse-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { findOnRegister } from '../certificates/register.ts'
import { daysBetween, japanDate } from '../domain/calendar.ts'
import { misuseDues, misuseState, stepsFrom, type MisuseState } from '../domain/misuse.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardInForce } from '../standard/queries.ts'
import { untied } from '../ties/untied.ts'

const most = 200
type Clock = { today: string; acknowledgeBusinessDays: number; firstReplyDays: number }

const lastStep = sql<MisuseState | null>`(select s.step from misuse_report_steps s where s.report_id = ${misuseReports.id} and s.step <> 'note' order by s.at desc, s.id desc limit 1)`
const isOpen: SQL = sql`coalesce(${lastStep}, 'taken_up') = 'taken_up'`
const head = {
  id: misuseReports.id, reference: misuseReports.reference, number: misuseReports.number, kind: misuseReports.kind, reportedAt: misuseReports.reportedAt, state: lastStep,
  holderJa: sql<string | null>`${certificates.statement}->'holder'->>'nameJa'`, holderLatin: sql<string | null>`${certificates.statement}->'holder'->>'nameLatin'`,
}

/** Every report but those about clients that the operator is tied to (C3), the open ones first and among them the oldest first; two statements, however many. */
export async function misuseReportsPage(db: Db, { tiedTo }: Viewer, now: Date): Promise<z.infer<typeof MisuseReportsPage>> {
  const clock = await clockOf(db, japanDate(now))
  const rows = await db.select(head).from(misuseReports).leftJoin(certificates, eq(certificates.id, misuseReports.certificateId))
    .where(untied(certificates.employerId, tiedTo)).orderBy(desc(isOpen), sql`case when ${isOpen} then ${misuseReports.reportedAt} end`, desc(misuseReports.reportedAt)).limit(most + 1)
  const [counted] = await db.select({ open: sql<number>`count(*) filter (where ${isOpen})::int` }).from(misuseReports).leftJoin(certificates, eq(certificates.id, misuseReports.certificateId)).where(untied(certificates.employerId, tiedTo))
  const reports = rows.slice(0, most).map(row => lineOf(row, clock))
  return { reports, open: counted?.open ?? 0, overdue: reports.filter(({ overdue }) => overdue).length, more: rows.length > most }
}

/** One report with everything in it, what was done about it, and what the register says of the certificate now; null when there is none. */
export async function misuseReportPage(db: Db, id: string, { now, publicUrl, viewer }: { now: Date; publicUrl: string; viewer: Viewer }): Promise<z.infer<typeof MisuseReportPage> | null> {
  const [row] = await db.select({ ...head, report: misuseReports, applicationId: certificates.applicationId }).from(misuseReports)
    .leftJoin(certificates, eq(certificates.id, misuseReports.certificateId)).where(and(eq(misuseReports.id, id), untied(certificates.employerId, viewer.tiedTo)))
  if (!row) return null
  const steps = await db.select({ step: misuseReportSteps.step, note: misuseReportSteps.note, by: people.name, at: misuseReportSteps.at }).from(misuseReportSteps)
    .innerJoin(people, eq(people.id, misuseReportSteps.takenBy)).where(eq(misuseReportSteps.reportId, id)).orderBy(asc(misuseReportSteps.at), asc(misuseReportSteps.id))
  const clock = await clockOf(db, japanDate(now))
  const { report, applicationId, ...line } = row
  const found = report.certificateId ? await findOnRegister(db, report.number, { now, publicUrl }) : null
  const { fileSha256, pageSaid } = report
  return {
    ...lineOf(line, clock), ...report, answeredBy: misuseDues(japanDate(report.reportedAt), clock).answeredBy, applicationId, certificate: found?.certificate ?? null,
    file: fileSha256 === null ? null : { sha256: fileSha256, edition: found?.certificate.editions.find(({ sha256 }) => sha256 === fileSha256)?.edition ?? null },
    pageSaid: pageSaid as z.infer<typeof MisuseReportPage>['pageSaid'], steps: steps.toReversed(), choices: [...stepsFrom(misuseState(steps.map(({ step }) => step)))],
  }
}

async function clockOf(db: Db, today: string): Promise<Clock> {
  return { today, ...(await standardInForce(db, today)).content.grading.complaint }
}

type Row = Omit<z.infer<typeof MisuseReportsPage>['reports'][number], 'state' | 'days' | 'takenUpBy' | 'overdue'> & { state: MisuseState | null }

function lineOf({ state, ...row }: Row, clock: Clock) {
  const reportedOn = japanDate(row.reportedAt)
  const { takenUpBy } = misuseDues(reportedOn, clock)
  return { ...row, state: state ?? ('new' as const), days: daysBetween(reportedOn, clock.today), takenUpBy, overdue: state === null && clock.today > takenUpBy }
}
