import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { membersOf } from '../employers/queries.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import type { Visit } from './queries.ts'

type Days = Pick<Visit, 'startsOn' | 'endsOn' | 'siteIds' | 'announced'>
type Planned = { visitId: string; edition: number; before: Days | null; plan: Days }

/**
 * C7: the employer hears when days or places of its visit are planned, and when they change; once for each edition of the plan, and not where only the team did.
 * Of a visit without notice it hears nothing, not by a mail either. The days are read after signing in.
 */
export async function mailDays(tx: Db, { id, employerId, employerNameJa }: Case, { visitId, edition, before, plan }: Planned): Promise<void> {
  if (!plan.announced || (before && isSame(before, plan))) return
  const template = before?.announced ? 'visit_moved' as const : 'visit_planned' as const
  for (const { personId, email, locale } of await membersOf(tx, employerId)) {
    await enqueueMail(tx, { uniqueKey: `visit_days:${visitId}:${edition}:${personId}`, toEmail: email, locale, template, applicationId: id, params: { employer: employerNameJa, url: `/applications/${id}/visit/dates` } })
  }
}

const isSame = (before: Days, plan: Days) => before.announced && before.startsOn === plan.startsOn && before.endsOn === plan.endsOn && [...before.siteIds].sort().join() === [...plan.siteIds].sort().join()
