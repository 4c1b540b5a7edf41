import { and, desc, eq, inArray, ne } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { answers, applications } from '../../schema/applications.ts'
import type { CriterionOf, MarkNow } from '../../schema/assessment-forms.ts'
import { ratingMarks, ratings } from '../../schema/assessments.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'

const most_marks = 50

/** Every mark that a criterion had, the newest first: nothing that somebody wrote is lost because somebody else wrote too. */
export async function marksOf(db: Db, applicationId: string, criterion: string, { personId }: Viewer) {
  const rows = await db.select({ version: ratingMarks.version, rating: ratingMarks.rating, note: ratingMarks.note, by: people.name, byId: people.id, at: ratingMarks.ratedAt })
    .from(ratingMarks).innerJoin(people, eq(people.id, ratingMarks.ratedBy))
    .where(and(eq(ratingMarks.applicationId, applicationId), eq(ratingMarks.criterion, criterion))).orderBy(desc(ratingMarks.version)).limit(most_marks)
  return rows.map(({ byId, ...mark }) => ({ ...mark, mine: byId === personId }))
}

/** How the same criterion ended in earlier cycles of the same company. */
export async function earlierOf(db: Db, { id, employerId }: { id: string; employerId: string }, criterion: string) {
  return db.select({ cycle: applications.cycle, rating: ratings.rating, answer: answers.answer, note: ratings.note, at: ratings.ratedAt })
    .from(ratings).innerJoin(applications, eq(applications.id, ratings.applicationId))
    .leftJoin(answers, and(eq(answers.applicationId, applications.id), eq(answers.criterion, ratings.criterion)))
    .where(and(eq(applications.employerId, employerId), ne(applications.id, id), inArray(applications.stage, ['certified', 'refused']), eq(ratings.criterion, criterion)))
    .orderBy(desc(ratings.ratedAt)).limit(5)
}

/** The mark that stands now, for a page that has been open for a while. */
export async function markNow(db: Db, { id, criterion }: z.infer<typeof CriterionOf>, viewer: Viewer): Promise<z.infer<typeof MarkNow> | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'assessor')
  if (isRefusal(theCase)) return theCase
  const [mark] = await db.select({ version: ratings.version, rating: ratings.rating, by: people.name, at: ratings.ratedAt })
    .from(ratings).innerJoin(people, eq(people.id, ratings.ratedBy)).where(and(eq(ratings.applicationId, id), eq(ratings.criterion, criterion)))
  return mark ?? { version: 0, rating: null, by: null, at: null }
}
