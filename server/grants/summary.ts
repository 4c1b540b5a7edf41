import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { certificates } from '../../schema/certificates.ts'
import { employers } from '../../schema/employers.ts'
import { findingGrades } from '../../schema/findings.ts'
import type { AuditSummaries, AuditSummary } from '../../schema/grant-shapes.ts'
import { grants } from '../../schema/grants.ts'
import { interviews, visits } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import { findOnRegister } from '../certificates/register.ts'
import { bandOrNothing, fewest_told } from '../domain/anonymity.ts'
import { isClosedFinding } from '../domain/findings.ts'
import { bandOf } from '../domain/bands.ts'
import { findingsOf, type Finding } from '../findings/queries.ts'

type Summary = z.infer<typeof AuditSummary>
type Asked = { id: string; buyerId: string; now: Date; publicUrl: string }
const standingGrant = (buyerId: string) => and(eq(grants.buyerId, buyerId), isNull(grants.withdrawnAt))

const ready = sql<boolean>`exists (select from certificates c where c.employer_id = ${grants.employerId} and c.state = 'issued')`

/** Which employers let this buyer read. */
export async function auditSummaries(db: Db, buyerId: string): Promise<z.infer<typeof AuditSummaries>> {
  const rows = await db.select({ id: grants.id, nameJa: employers.nameJa, nameLatin: employers.nameLatin, grantedAt: grants.grantedAt, ready }).from(grants).innerJoin(employers, eq(employers.id, grants.employerId))
    .where(standingGrant(buyerId)).orderBy(desc(grants.grantedAt), desc(grants.id)).limit(500)
  return { summaries: rows.map(({ nameJa, nameLatin, ...row }) => ({ ...row, holder: { nameJa, nameLatin } })) }
}

/** The audit of the employer's newest certificate in numbers; null: not granted, withdrawn, nobody's, or nothing issued yet: all look alike. */
export async function auditSummary(db: Db, { id, buyerId, now, publicUrl }: Asked): Promise<Summary | null> {
  const [row] = await db.select({ grantedAt: grants.grantedAt, number: certificates.number, applicationId: certificates.applicationId }).from(grants).innerJoin(certificates, eq(certificates.employerId, grants.employerId))
    .where(and(eq(grants.id, id), standingGrant(buyerId), eq(certificates.state, 'issued'))).orderBy(desc(certificates.cycle), desc(certificates.issuedOn)).limit(1)
  const found = row && await findOnRegister(db, row.number, { now, publicUrl })
  if (!row || !found) return null
  const { certificate: { holder, standing, since, expiresOn, scope, sites, exclusions, assessor, decidedOn, scorecard, surveillance, results } } = found
  const { visit, interviewed } = await onSite(db, row.applicationId), findings = await findingsOf(db, row.applicationId)
  return {
    id, grantedAt: row.grantedAt, number: row.number, holder, standing, since, expiresOn, assessor, decidedOn, sections: scorecard, surveillance, results,
    scope: { industryJa: scope.industryJa, industryEn: scope.industryEn, workplaces: sites.filter(({ kind }) => kind === 'workplace').length, housing: sites.filter(({ kind }) => kind === 'housing').length, exclusions },
    visit: visit && { startsOn: visit.startsOn, endsOn: visit.endsOn }, personDays: visit?.personDays ?? null,
    interviewed: bandOrNothing(interviewed, bandOf), fewest: fewest_told, findings: byGrade(findings), corrections: inTime(findings),
  }
}

async function onSite(db: Db, applicationId: string) {
  const [visit] = await db.select({ startsOn: visits.startsOn, endsOn: visits.endsOn, personDays: visits.personDays }).from(visits).where(eq(visits.applicationId, applicationId))
  const [held] = await db.select({ people: sql<number>`coalesce(sum(${interviews.people}), 0)::int` }).from(interviews).where(eq(interviews.applicationId, applicationId))
  return { visit: visit ?? null, interviewed: held?.people ?? 0 }
}

// Grades of findings that ask for something; what was seen beside them is no result of the audit.
const byGrade = (findings: readonly Finding[]): Summary['findings'] => findingGrades.filter(grade => grade !== 'observation').map(grade => {
  const own = findings.filter(finding => finding.grade === grade)
  return { grade, open: own.filter(({ open }) => open).length, closed: own.filter(({ open }) => !open).length }
})

/** Of those verified closed: how many by the day that the standard set when they were raised. */
function inTime(findings: readonly Finding[]): Summary['corrections'] {
  const closed = findings.flatMap(({ grade, state, verifiedDue, reviews }) => (grade !== 'observation' && isClosedFinding(state) ? [{ due: verifiedDue, at: reviews.findLast(({ outcome }) => outcome === 'verified')?.reviewedAt }] : []))
  return { closed: closed.length, inTime: closed.filter(({ due, at }) => !due || (at && at <= due)).length }
}
