import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import type { ChangeKind, ReviewOutcome } from '../domain/changes.ts'
import { membersOf } from '../employers/queries.ts'
import { asLocale, translate } from '../http/locale.ts'
import { enqueueMail } from '../mails/enqueue.ts'

type About = { id: string; employerId: string; applicationId: string; number: string; nameJa: string; kind: ChangeKind; reviewBy: string }

/** Operators without a tie to the client: for the others the case is not there (C3). */
export const secretariatFor = (tx: Db, applicationId: string, today: string) => tx.execute<{ email: string; locale: string; personId: string }>(sql`
  select email, locale, id as "personId" from people where 'operator' = any(staff_roles) and not is_tied(id, ${applicationId}, ${`${today}T00:00:00Z`}::timestamptz)`)

export async function mailReported(tx: Db, about: About, today: string): Promise<void> {
  for (const { email, locale, personId } of await membersOf(tx, about.employerId)) await send(tx, about, { template: 'change_received', personId, email, locale, url: '/employer/changes', due: about.reviewBy })
  for (const { email, locale, personId } of await secretariatFor(tx, about.applicationId, today)) await send(tx, about, { template: 'change_reported', personId, email, locale, url: `/changes/${about.id}`, due: about.reviewBy })
}

/** The holder reads what its report came to, with the reasons, in its language. */
export async function mailReviewed(tx: Db, about: About, { outcome, reasons }: { outcome: ReviewOutcome; reasons: string }): Promise<void> {
  for (const { email, personId, ...member } of await membersOf(tx, about.employerId)) {
    const locale = asLocale(member.locale)
    await send(tx, about, { template: 'change_reviewed', personId, email, locale, url: '/employer/changes', result: translate(locale, `changes.outcome_${outcome}`), reasons })
  }
}

type Sent = { template: 'change_received' | 'change_reported' | 'change_reviewed'; personId: string; email: string; locale: string; url: string; due?: string; result?: string; reasons?: string }

const send = (tx: Db, { id, number, nameJa: employer, kind }: About, { template, personId, email: toEmail, locale, ...params }: Sent) =>
  enqueueMail(tx, { uniqueKey: `${template}:${id}:${personId}`, toEmail, locale, template, params: { employer, number, kind: translate(asLocale(locale), `changes.kind_${kind}`), ...params } })
