import { and, asc, eq, isNull, ne, notInArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { assessorOrganisations, memberships, people } from '../../schema/accounts.ts'
import { applications } from '../../schema/applications.ts'
import { assignments, interestDeclarations } from '../../schema/assessments.ts'
import type { AssignmentsPage } from '../../schema/assignment-forms.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import { interestQuestions } from '../domain/independence.ts'
import { endStages, type Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'

type Page = z.infer<typeof AssignmentsPage>

/** Between acceptance and the assessor's last word somebody can join; before it nothing is to be assessed, after it the file is sealed. */
export const mayAssignIn = (stage: Stage) => (['accepted', 'desk_review', 'clarifying', 'visit_planned', 'correcting'] as Stage[]).includes(stage)

/** Who works on this case, and whom else one may ask. Declared ties are shown by kind, never in their wording. */
export async function assignmentsPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<Page | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'operator')
  if (isRefusal(theCase)) return theCase
  const assessors = await assessorsFor(db, id)
  return {
    application: headOf(theCase, now), open: mayAssignIn(theCase.stage), assignments: await assignmentsOf(db, id), assessors,
    heaviest: Math.max(1, ...assessors.map(({ load }) => load)), others: await othersFor(db, theCase.employerId),
  }
}

const organisation = { nameJa: assessorOrganisations.nameJa, nameEn: assessorOrganisations.nameEn }

async function assignmentsOf(db: Db, applicationId: string): Promise<Page['assignments']> {
  const rows = await db.select({ assignment: assignments, name: people.name, organisation, declaration: interestDeclarations }).from(assignments)
    .innerJoin(people, eq(people.id, assignments.personId)).leftJoin(assessorOrganisations, eq(assessorOrganisations.id, people.assessorOrganisationId))
    .leftJoin(interestDeclarations, eq(interestDeclarations.assignmentId, assignments.id))
    .where(eq(assignments.applicationId, applicationId)).orderBy(asc(assignments.assignedAt), asc(assignments.id))
  return rows.map(({ assignment: { id, part, assignedAt, endedAt }, declaration, ...person }) =>
    ({ id, part, assignedAt, endedAt, ...person, declaredAt: declaration?.declaredAt ?? null, ties: declaration ? tiesIn(declaration) : [] }))
}

type Declaration = typeof interestDeclarations.$inferSelect
export const tiesIn = ({ familyTie, financialTie, ...rest }: Pick<Declaration, 'employed' | 'paid' | 'advised' | 'trained' | 'familyTie' | 'financialTie'>) => {
  const said = { ...rest, family_tie: familyTie, financial_tie: financialTie }
  return interestQuestions.filter(question => said[question])
}

// The least loaded first. Load is the number of open cases that the person assesses now.
function assessorsFor(db: Db, applicationId: string): Promise<Page['assessors']> {
  const open = sql<number>`(select count(*)::int from ${assignments} join ${applications} on ${applications.id} = ${assignments.applicationId}
    where ${assignments.personId} = ${people.id} and ${assignments.part} = 'assessor' and ${assignments.endedAt} is null
    and ${notInArray(applications.stage, endStages)})`
  const taken = sql<boolean>`exists (select from ${assignments} where ${assignments.applicationId} = ${applicationId} and ${assignments.personId} = ${people.id}
    and ${assignments.part} = 'assessor' and ${assignments.endedAt} is null)`
  return db.select({ personId: people.id, name: people.name, organisation, load: open, taken }).from(people)
    .leftJoin(assessorOrganisations, eq(assessorOrganisations.id, people.assessorOrganisationId))
    .where(sql`'assessor' = any(${people.staffRoles})`).orderBy(asc(open), asc(people.name), asc(people.id)).limit(100)
}

const othersFor = (db: Db, employerId: string) =>
  db.select({ personId: people.id, name: people.name }).from(people)
    .leftJoin(memberships, and(eq(memberships.personId, people.id), eq(memberships.employerId, employerId)))
    .where(and(isNull(memberships.personId), ne(people.name, ''))).orderBy(asc(people.name), asc(people.id)).limit(200)
