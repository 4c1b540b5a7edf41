import { and, eq, isNull, sql } from 'drizzle-orm'
import { people } from '../../schema/accounts.ts'
import { assignments } from '../../schema/assessments.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import type { Side } from '../domain/appointments.ts'
import { membersOf } from '../employers/queries.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { isTied } from '../ties/untied.ts'

type News = { template: 'dates_proposed' | 'dates_answered'; subject: string; from: Side; today: string }

/** To everybody of the other side: the employer's people, or the assessors of the case who are not tied to the client (C3). The days are read after signing in. */
export async function mailOtherSide(tx: Db, { id, employerId, employerNameJa }: Case, { template, subject, from, today }: News): Promise<void> {
  const readers = from === 'assessor' ? await membersOf(tx, employerId) : await tx.selectDistinct({ personId: people.id, email: people.email, locale: people.locale }).from(assignments)
    .innerJoin(people, eq(people.id, assignments.personId)).where(and(eq(assignments.applicationId, id), eq(assignments.part, 'assessor'), isNull(assignments.endedAt), sql`not ${isTied(people.id, sql`${employerId}::uuid`, today)}`))
  for (const { personId, email, locale } of readers) {
    await enqueueMail(tx, { uniqueKey: `${template}:${subject}:${personId}`, toEmail: email, locale, template, applicationId: id, params: { employer: employerNameJa, url: `/applications/${id}/visit/dates` } })
  }
}
