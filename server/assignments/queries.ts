import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { assessorOrganisations, memberships, people } from '../../schema/accounts.ts'
import { assignments, interestDeclarations } from '../../schema/assessments.ts'
import type { AssignmentsPage } from '../../schema/assignment-forms.ts'
import { buyerMembers } from '../../schema/buyers.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import type { Case } from '../applications/case.ts'
import { addMonths, japanDate } from '../domain/calendar.ts'
import { declaration_months, interestQuestions } from '../domain/independence.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { industryNamed } from '../domain/industries.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { candidatesFor, neededIn } from './candidates.ts'

type Page = z.infer<typeof AssignmentsPage>

/** Between acceptance and the assessor's last word somebody can join; before it nothing is to be assessed, after it the file is sealed. */
export const mayAssignIn = (stage: Stage) => (['accepted', 'desk_review', 'clarifying', 'visit_planned', 'correcting'] as Stage[]).includes(stage)

/** Who works on this case, and whom else one may ask, each with what speaks for and against them. Ties are shown by kind, never in their wording. */
export async function assignmentsPage(db: Db, id: string, viewer: Viewer, { searched, now }: { searched: string; now: Date }): Promise<Page | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'operator')
  if (isRefusal(theCase)) return theCase
  const assessors = await assessorsFor(db, theCase, now), { industry, languages } = neededIn(theCase, now)
  return {
    application: headOf(theCase, now), open: mayAssignIn(theCase.stage), assignments: await assignmentsOf(db, id, viewer.today), assessors, needed: { industry: industryNamed(industry), languages: [...languages] },
    heaviest: Math.max(1, ...assessors.map(({ load }) => load)), ...await othersFor(db, viewer, searched),
  }
}

const organisation = { nameJa: assessorOrganisations.nameJa, nameEn: assessorOrganisations.nameEn }

async function assignmentsOf(db: Db, applicationId: string, today: string): Promise<Page['assignments']> {
  const rows = await db.select({ assignment: assignments, name: people.name, organisation }).from(assignments)
    .innerJoin(people, eq(people.id, assignments.personId)).leftJoin(assessorOrganisations, eq(assessorOrganisations.id, people.assessorOrganisationId))
    .where(eq(assignments.applicationId, applicationId)).orderBy(asc(assignments.assignedAt), asc(assignments.id))
  const declared = await db.select().from(interestDeclarations).where(eq(interestDeclarations.applicationId, applicationId)).orderBy(asc(interestDeclarations.declaredAt))
  return rows.map(({ assignment: { id, part, assignedAt, endedAt }, ...person }) => {
    const own = declared.filter(({ assignmentId }) => assignmentId === id)
    const declaredAt = own.at(-1)?.declaredAt ?? null
    const stale = declaredAt !== null && japanDate(declaredAt) <= addMonths(today, -declaration_months)
    return { id, part, assignedAt, endedAt, ...person, declaredAt, stale, ties: interestQuestions.filter(question => own.some(one => tiesIn(one).includes(question))) }
  })
}

type Declaration = typeof interestDeclarations.$inferSelect
export const tiesIn = ({ familyTie, financialTie, ...rest }: Pick<Declaration, 'employed' | 'paid' | 'advised' | 'trained' | 'familyTie' | 'financialTie'>) => {
  const said = { ...rest, family_tie: familyTie, financial_tie: financialTie }
  return interestQuestions.filter(question => said[question])
}

// The fittest first. Load is the number of open cases that the person assesses now.
const assessorsFor = async (db: Db, theCase: Case, now: Date): Promise<Page['assessors']> =>
  (await candidatesFor(db, theCase, now)).map(({ candidate: { personId, name, organisation: of, load, taken, ties }, judged }) => ({ personId, name, organisation: of, load, taken, ties, ...judged }))

const others_shown = 20

/** People who work for the scheme or for nobody here: members of an employer or a buyer interpret, advise and sell for no certification. By name; a long list is searched. */
async function othersFor(db: Db, { personId }: Viewer, searched: string): Promise<Pick<Page, 'others' | 'searched' | 'moreOthers'>> {
  const rows = await db.select({ personId: people.id, name: people.name }).from(people)
    .leftJoin(memberships, eq(memberships.personId, people.id)).leftJoin(buyerMembers, eq(buyerMembers.personId, people.id))
    .where(and(isNull(memberships.personId), isNull(buyerMembers.personId), ne(people.name, ''), sql`strpos(lower(${people.name}), lower(${searched})) > 0`)).orderBy(asc(people.name), asc(people.id)).limit(others_shown + 1)
  return { others: rows.slice(0, others_shown).map(row => ({ ...row, me: row.personId === personId })), searched, moreOthers: rows.length > others_shown }
}
