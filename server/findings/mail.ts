import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { japanDate } from '../domain/calendar.ts'
import { dutiesOf, owedBy } from '../domain/duties.ts'
import { membersOf } from '../employers/queries.ts'
import { dateIn } from '../http/helpers.ts'
import { asLocale, type Locale } from '../http/locale.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import type { FindingRow } from './queries.ts'

/** Tells every member of the employer about a finding and until when the first answer is due. The finding's words stay behind the sign-in. */
export async function mailFinding(tx: Db, theCase: Case, finding: FindingRow): Promise<void> {
  const due = owedBy(dutiesOf({ ...finding, state: 'raised', superseded: false, planAccepted: false, done: null, acts: [], closedAt: null }), 'applicant')?.at
  for (const { email, locale } of await membersOf(tx, theCase.employerId)) {
    const employer = nameIn(theCase, asLocale(locale))
    await enqueueMail(tx, {
      uniqueKey: `finding:${finding.id}:${email}`, toEmail: email, locale, template: 'finding', applicationId: theCase.id,
      params: { employer, url: `/findings/${finding.id}`, ...(due ? { due: due.toISOString() } : {}) },
    })
  }
}

type Named = { id: string; email: string; locale: string }
const nameIn = ({ employerNameJa, employerNameLatin }: Pick<Case, 'employerNameJa' | 'employerNameLatin'>, locale: Locale) => (locale === 'en' && employerNameLatin ? employerNameLatin : employerNameJa)

/** Staff of this kind without a tie to the client; for them there is no such case (C3). Those who decide must not have taken part in it (C4). */
export const staffFor = async (tx: Db, applicationId: string, role: 'operator' | 'decision_maker', now: Date): Promise<Named[]> => [...await tx.execute<Named>(sql`
  select p.id, p.email, p.locale from people p where ${role} = any(p.staff_roles) and not is_tied(p.id, ${applicationId}, ${now.toISOString()}::timestamptz)
    and (${role} = 'operator' or parts_taken(${applicationId}, p.id) = '{}') order by p.id`)]

/** Zero tolerance: the scheme hears of it at once, and takes note within the hours of the grading table. */
export async function mailAlert(tx: Db, theCase: Case, { id, alertDue }: FindingRow, now: Date): Promise<void> {
  for (const { id: personId, email, locale } of await staffFor(tx, theCase.id, 'operator', now)) {
    await enqueueMail(tx, { uniqueKey: `finding_alert:${id}:${personId}`, toEmail: email, locale, template: 'finding_alert', applicationId: theCase.id,
      params: { employer: nameIn(theCase, asLocale(locale)), url: `/findings/${id}`, ...(alertDue ? { due: alertDue.toISOString() } : {}) } })
  }
}

/** A verified zero-tolerance finding waits for two who decide: everybody who may be one hears so, and again when one has signed and another is left to close. */
export async function mailSecond(tx: Db, theCase: Case, { findingId, reviewId, now, signedBy }: { findingId: string; reviewId: string; now: Date; signedBy?: string }): Promise<void> {
  for (const { id: personId, email, locale } of (await staffFor(tx, theCase.id, 'decision_maker', now)).filter(({ id }) => id !== signedBy)) {
    await enqueueMail(tx, { uniqueKey: `finding_second:${reviewId}:${signedBy ? 'signed:' : ''}${personId}`, toEmail: email, locale, template: 'finding_second', applicationId: theCase.id, params: { employer: nameIn(theCase, asLocale(locale)), url: `/findings/${findingId}` } })
  }
}

type Late = { findingId: string; due: Date; on: Date }

/** The holder of a live certificate missed a date: what the clock does next, and when. */
export async function mailOverdue(tx: Db, { applicationId, employerId, nameJa, number }: { applicationId: string; employerId: string; nameJa: string; number: string }, { findingId, due, on }: Late): Promise<void> {
  for (const { email, locale, personId } of await membersOf(tx, employerId)) {
    await enqueueMail(tx, { uniqueKey: `finding_overdue:${findingId}:${due.toISOString()}:${personId}`, toEmail: email, locale, template: 'finding_overdue', applicationId,
      params: { employer: nameJa, number, due: due.toISOString(), until: dateIn(asLocale(locale), japanDate(on)), finding: findingId, url: `/findings/${findingId}` } })
  }
}

/** Zero tolerance with a certified employer: whether to suspend at once is a decision of a person who took no part (decisions.md 1). */
export async function mailGrave(tx: Db, theCase: Case, { id }: FindingRow, now: Date): Promise<void> {
  for (const { id: personId, email, locale } of await staffFor(tx, theCase.id, 'decision_maker', now)) {
    await enqueueMail(tx, { uniqueKey: `finding_grave:${id}:${personId}`, toEmail: email, locale, template: 'finding_grave', applicationId: theCase.id, params: { employer: nameIn(theCase, asLocale(locale)), url: '/standings' } })
  }
}
