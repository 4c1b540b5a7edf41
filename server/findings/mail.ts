import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { employerDue } from '../domain/grading.ts'
import { membersOf } from '../employers/queries.ts'
import { asLocale } from '../http/locale.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import type { FindingRow } from './queries.ts'

/** Tells every member of the employer about a finding and until when the first answer is due. The finding's words stay behind the sign-in. */
export async function mailFinding(tx: Db, theCase: Case, finding: FindingRow): Promise<void> {
  const due = employerDue(finding, { move: finding.grade === 'observation' ? null : 'applicant', planAccepted: false })
  for (const { email, locale } of await membersOf(tx, theCase.employerId)) {
    const employer = asLocale(locale) === 'en' && theCase.employerNameLatin ? theCase.employerNameLatin : theCase.employerNameJa
    await enqueueMail(tx, {
      uniqueKey: `finding:${finding.id}:${email}`, toEmail: email, locale, template: 'finding', applicationId: theCase.id,
      params: { employer, url: `/findings/${finding.id}`, ...(due ? { due: due.toISOString() } : {}) },
    })
  }
}
