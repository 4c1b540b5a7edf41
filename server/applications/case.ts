import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { applications, type Scope } from '../../schema/applications.ts'
import { assignments, interestDeclarations } from '../../schema/assessments.ts'
import { employers } from '../../schema/employers.ts'
import type { Db } from '../adapters/database.ts'
import { addMonths, japanDate } from '../domain/calendar.ts'
import { declaration_months } from '../domain/independence.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { rolesHeld } from '../domain/permissions.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Role } from '../domain/roles.ts'
import { isVerifiedOnce } from '../findings/verified-once.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

/** One application as this viewer may see it, with the roles that they hold in it. */
export type Case = {
  id: string; employerId: string; employerNameJa: string; employerNameLatin: string; standardId: string; cycle: number; stage: Stage
  stageSince: Date; dueAt: Date | null; version: number; submittedAt: Date | null; scope: Scope | null; held: Role[]; declared: boolean
}
type Look = { lock?: boolean | 'share'; undeclared?: boolean; deciding?: boolean }

const lockOf = { true: 'update', share: 'share' } as const
const decidable: Stage[] = ['awaiting_decision', 'certified', 'refused']

/**
 * The case, or 404 for everybody who has no part in it: another organisation's id and a made-up one look alike.
 * `lock` takes the row for the transaction; shared, others may add beside it, and nobody moves the case. An assessor sees nothing before declaring interests (C3), unless `undeclared`;
 * a decision maker who took part has no way in by deciding (C4), unless `deciding`: where the attempt itself is refused and put on record.
 * For staff who are tied to the client there is no such case, whatever their role; that they tried stays on record (C3).
 */
export async function findCase(db: Db, id: string, viewer: Viewer, { lock = false, undeclared = false, deciding = false }: Look = {}): Promise<Case | Refusal> {
  const query = db.select({ application: applications, nameJa: employers.nameJa, nameLatin: employers.nameLatin })
    .from(applications).innerJoin(employers, eq(employers.id, applications.employerId)).where(eq(applications.id, id))
  const [[row], assigned] = await Promise.all([lock ? query.for(lockOf[`${lock}`], { of: applications }) : query, viewer.roles.includes('assessor') ? assignmentOf(db, id, viewer) : null])
  if (!row) return { refused: 'not_found' }
  const { application: a } = row
  const tied = viewer.tiedTo.includes(a.employerId)
  const held = rolesHeld({
    isMember: viewer.roles.includes('applicant') && viewer.employerId === a.employerId,
    isOperator: viewer.roles.includes('operator') && !tied && a.stage !== 'draft',
    isAssigned: assigned !== null && !tied,
    isDecisionMaker: viewer.roles.includes('decision_maker') && (decidable.includes(a.stage) || await waitsForSecond(db, id)) && await mayLook(db, id, viewer, { tied, deciding }),
  })
  if (held.length === 0) {
    if (tied) await record(db, { personId: viewer.personId, role: viewer.roles[0] ?? 'public' }, { operation: 'applications.open.refused', applicationId: a.id, employerId: a.employerId, subjectId: viewer.personId, after: { refused: 'has_interest' } })
    return { refused: 'not_found' }
  }
  const declared = assigned?.declared ?? false
  if (held.length === 1 && held[0] === 'assessor' && !declared && !undeclared) return { refused: 'interests_not_declared' }
  return {
    id: a.id, employerId: a.employerId, employerNameJa: row.nameJa, employerNameLatin: row.nameLatin, standardId: a.standardId, cycle: a.cycle, stage: a.stage,
    stageSince: a.stageSince, dueAt: a.dueAt, version: a.version, submittedAt: a.submittedAt, scope: a.scope, held, declared,
  }
}

// Who took part knows the case and is told why they may not decide; who is merely tied is told of no case.
const mayLook = async (db: Db, id: string, { personId }: Viewer, { tied, deciding }: { tied: boolean; deciding: boolean }): Promise<boolean> =>
  (deciding ? !tied || !await tookNoPart(db, id, personId) : !tied && await tookNoPart(db, id, personId))

// A zero-tolerance finding that one person verified is closed by a second (domain.md, decision rule), who sees the case for as long as it waits.
async function waitsForSecond(db: Db, applicationId: string): Promise<boolean> {
  const rows = await db.execute(sql`select 1 from findings f where f.application_id = ${applicationId} and ${isVerifiedOnce(sql`f`)} limit 1`)
  return rows.length > 0
}

async function tookNoPart(db: Db, applicationId: string, personId: string): Promise<boolean> {
  const [row] = await db.execute<{ none: boolean }>(sql`select cardinality(parts_taken(${applicationId}::uuid, ${personId}::uuid)) = 0 as none`)
  return row?.none ?? false
}

/** The assignment as assessor, and whether interests were declared within the year. */
async function assignmentOf(db: Db, applicationId: string, { personId, today }: Viewer) {
  const [row] = await db.select({ declaredAt: interestDeclarations.declaredAt }).from(assignments)
    .leftJoin(interestDeclarations, eq(interestDeclarations.assignmentId, assignments.id))
    .where(and(eq(assignments.applicationId, applicationId), eq(assignments.personId, personId), eq(assignments.part, 'assessor'), isNull(assignments.endedAt)))
    .orderBy(desc(sql`coalesce(${interestDeclarations.declaredAt}, '-infinity')`)).limit(1)
  return row ? { declared: row.declaredAt !== null && japanDate(row.declaredAt) > addMonths(today, -declaration_months) } : null
}
