import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { assignments, interestDeclarations } from '../../schema/assessments.ts'
import { employers } from '../../schema/employers.ts'
import type { InterestsPage } from '../../schema/interest-forms.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import { tiesIn } from '../assignments/queries.ts'
import { addMonths, japanDate } from '../domain/calendar.ts'
import { declaration_months, interest_months, interestQuestions } from '../domain/independence.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'

type Page = z.infer<typeof InterestsPage>

/** Who the client is, and the declaration if one was made. Of the case itself nothing is told yet. */
export async function interestsPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<Page | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'assessor', { undeclared: true })
  if (isRefusal(theCase)) return theCase
  const [client] = await db.select({ corporateNumber: employers.corporateNumber, prefecture: employers.prefecture, addressJa: employers.addressJa, representative: employers.representative })
    .from(employers).where(eq(employers.id, theCase.employerId))
  if (!client) throw new Error('the application has no employer')
  const own = await ownAssignment(db, id, viewer)
  return { application: headOf(theCase, now), client, since: addMonths(japanDate(now), -interest_months), questions: [...interestQuestions], declared: own?.declaration && own.holds ? told(own.declaration) : null, renewal: own?.declaration ? own.declaration.declaredAt : null }
}

/** The viewer's own assignment as assessor with its latest declaration, if made, and whether that one still holds. */
export async function ownAssignment(db: Db, applicationId: string, { personId, today }: Viewer) {
  const [row] = await db.select({ assignmentId: assignments.id, declaration: interestDeclarations }).from(assignments)
    .leftJoin(interestDeclarations, eq(interestDeclarations.assignmentId, assignments.id))
    .where(and(eq(assignments.applicationId, applicationId), eq(assignments.personId, personId), eq(assignments.part, 'assessor'), isNull(assignments.endedAt)))
    .orderBy(desc(sql`coalesce(${interestDeclarations.declaredAt}, '-infinity')`)).limit(1)
  return row && { ...row, holds: row.declaration !== null && japanDate(row.declaration.declaredAt) > addMonths(today, -declaration_months) }
}

function told(declaration: typeof interestDeclarations.$inferSelect): NonNullable<Page['declared']> {
  const ties = tiesIn(declaration)
  return { at: declaration.declaredAt, until: addMonths(japanDate(declaration.declaredAt), declaration_months), statement: declaration.statement, answers: interestQuestions.map(question => ({ question, tied: ties.includes(question) })) }
}
