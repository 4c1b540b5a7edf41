import { eq, sql } from 'drizzle-orm'
import { people } from '../../schema/accounts.ts'
import type { Db } from '../adapters/database.ts'
import { decideBy, type AppealMatter, type AppealOutcome } from '../domain/appeals.ts'
import { japanDate } from '../domain/calendar.ts'
import { membersOf } from '../employers/queries.ts'
import { asLocale, translate, type Locale } from '../http/locale.ts'
import { enqueueMail, type MailTemplate } from '../mails/enqueue.ts'
import { isTied } from '../ties/untied.ts'

type About = { matter: AppealMatter; nameJa: string; applicationId: string; employerId: string }

const matterIn = (locale: Locale, matter: AppealMatter) => translate(locale, `appeals.matter_${matter}`)

/** ISO/IEC 17065 7.13.2: receipt is confirmed to the client; the secretariat hears that there is one, not what it says. Who is tied to the client hears nothing (C3); are they all tied, then nobody does, and the committee's counts alone tell of it. */
export async function mailFiled(tx: Db, about: About, appealId: string, { filedAt, decideWithinDays }: { filedAt: Date; decideWithinDays: number }): Promise<void> {
  const due = decideBy(filedAt, { fileWithinDays: 0, decideWithinDays })
  for (const member of await membersOf(tx, about.employerId)) await send(tx, 'appeal_received', about, { appealId, ...member, params: { due } })
  const operators = await tx.select({ email: people.email, locale: people.locale, personId: people.id }).from(people)
    .where(sql`'operator' = any(${people.staffRoles}) and not ${isTied(people.id, sql`${about.employerId}::uuid`, japanDate(filedAt))}`)
  for (const operator of operators) await send(tx, 'appeal_filed', about, { appealId, ...operator, params: { due } })
}

export async function mailHandler(tx: Db, about: About & { id: string }, personId: string, assignmentId: string): Promise<void> {
  const [person] = await tx.select({ email: people.email, locale: people.locale }).from(people).where(eq(people.id, personId))
  if (person) await send(tx, 'appeal_handed_over', about, { appealId: about.id, personId: assignmentId, ...person, params: {} })
}

/** 7.13.8: the client is told, with the reasons, in its language, and what follows. */
export async function mailDecided(tx: Db, about: About, { appealId, outcome, reasons, undone }: { appealId: string; outcome: AppealOutcome; reasons: string; undone: boolean }): Promise<void> {
  for (const member of await membersOf(tx, about.employerId)) {
    const locale = asLocale(member.locale), follows = outcome === 'upheld' && !undone ? 'not_undone' : outcome === 'upheld' ? `follows_${about.matter}` : 'follows_rejected'
    await send(tx, 'appeal_decided', about, { appealId, ...member, params: { result: translate(locale, `appeals.outcome_${outcome}`), follows: translate(locale, `appeals.${follows}`), reasons } })
  }
}

type To = { appealId: string; personId: string; email: string; locale: string; params: Record<string, string> }

const send = (tx: Db, template: MailTemplate, { matter, nameJa, applicationId }: About, { appealId, personId, email, locale, params }: To) =>
  enqueueMail(tx, { uniqueKey: `${template}:${appealId}:${personId}`, toEmail: email, locale, template, applicationId, params: { employer: nameJa, matter: matterIn(asLocale(locale), matter), url: `/appeals/${appealId}`, ...params } })
