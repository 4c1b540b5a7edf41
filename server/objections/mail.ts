import { sql } from 'drizzle-orm'
import { people } from '../../schema/accounts.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { membersOf } from '../employers/queries.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { isTied } from '../ties/untied.ts'

/** To every operator who is not tied to the client (C3). */
export async function mailObjection(tx: Db, { id, employerId, employerNameJa }: Case, today: string): Promise<void> {
  const operators = await tx.select({ personId: people.id, email: people.email, locale: people.locale }).from(people)
    .where(sql`'operator' = any(${people.staffRoles}) and not ${isTied(people.id, sql`${employerId}::uuid`, today)}`)
  for (const { personId, email, locale } of operators) {
    await enqueueMail(tx, { uniqueKey: `objected:${id}:${personId}`, toEmail: email, locale, template: 'objected', applicationId: id, params: { employer: employerNameJa, url: `/applications/${id}/objection` } })
  }
}

/** To every member of the employer; the words of the answer are read after signing in. */
export async function mailAnswer(tx: Db, { id, employerId, employerNameJa }: Case, answerId: string): Promise<void> {
  for (const { personId, email, locale } of await membersOf(tx, employerId)) {
    await enqueueMail(tx, { uniqueKey: `objection_answered:${answerId}:${personId}`, toEmail: email, locale, template: 'objection_answered', applicationId: id, params: { employer: employerNameJa, url: `/applications/${id}/objection` } })
  }
}
