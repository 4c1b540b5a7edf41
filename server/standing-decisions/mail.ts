import type { Db } from '../adapters/database.ts'
import type { CalendarDate } from '../domain/calendar.ts'
import type { StandingChange } from '../domain/standing-changes.ts'
import type { CertificateStatement } from '../domain/statement.ts'
import { membersOf } from '../employers/queries.ts'
import { asLocale, translate, type Locale } from '../http/locale.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { standardInForce } from '../standard/queries.ts'
import type { Head } from './queries.ts'

type Told = { change: StandingChange; reasons: string; until?: CalendarDate | null; condition?: string | null; sitesRemoved?: CertificateStatement['sites'] | null; key: string; today: CalendarDate }

/** C6: everybody of the holder hears of it, in their language, with the reasons and the way to appeal. */
export async function mailChange(tx: Db, { number, nameJa, applicationId, employerId }: Head, told: Told): Promise<void> {
  const { fileWithinDays: days } = (await standardInForce(tx, told.today)).content.grading.appeal
  for (const { email, personId, ...member } of await membersOf(tx, employerId)) {
    const locale = asLocale(member.locale)
    await enqueueMail(tx, {
      uniqueKey: `standing_changed:${told.key}:${personId}`, toEmail: email, locale, template: 'standing_changed', applicationId,
      params: {
        employer: nameJa, number, change: translate(locale, `standing_decisions.happened_${told.change}`), reasons: sayAll(locale, told),
        appeal: told.change === 'surrendered' ? '' : translate(locale, 'standing_decisions.appeal', { days }), ...(told.until ? { due: told.until } : {}), url: '/employer/certificates',
      },
    })
  }
}

// What was decided besides, then why.
function sayAll(locale: Locale, { change, reasons, condition, sitesRemoved }: Told): string {
  const say = (key: string, params: Record<string, string> = {}) => translate(locale, `standing_decisions.${key}`, params)
  const particulars = [
    condition && say('condition_says', { condition }),
    sitesRemoved && say('sites_removed', { sites: sitesRemoved.map(({ nameJa, addressJa }) => `${nameJa} (${addressJa})`).join(', ') }),
  ].filter(Boolean)
  return [...particulars, reasons || say(`told_${change}`)].join('\n\n')
}
