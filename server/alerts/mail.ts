import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import type { AlertMode } from '../domain/alerts.ts'
import { asLocale, translate } from '../http/locale.ts'
import { enqueueMails, type NewMail } from '../mails/enqueue.ts'

type Told = { personId: string; email: string; locale: string; supplier: string; supplierId: string; standing: string; before: string | null; on: string; reason: string | null; number: string }
type News = { range: SQL; mode: AlertMode; key: string; publicUrl: string }

/** One mail to every member who wants to hear in this way, with all that lies in the range (of `alerts a`, `register_changes c`). The same key goes out once. */
export async function mailNews(tx: Db, { range, mode, key, publicUrl }: News): Promise<void> {
  const told = await tx.execute<Told>(sql`
    select p.id as "personId", p.email, p.locale, s.name as supplier, s.id as "supplierId", c.standing, c.standing_before as before, c.happened_on::text as on, c.reason_class as reason, c.number
    from alerts a join register_changes c on c.seq = a.change_seq join suppliers s on s.id = a.supplier_id join buyer_members m on m.buyer_id = a.buyer_id and m.alerts = ${mode} join people p on p.id = m.person_id
    where ${range} and (m.alerts_since is null or a.at >= m.alerts_since) order by p.id, c.seq`)
  await enqueueMails(tx, [...Map.groupBy(told, ({ personId }) => personId)].flatMap(([personId, mine]) => mailOf(mine, { key: `${key}:${personId}`, publicUrl })))
}

const most_lines = 30 // the rest is on the page

function mailOf(told: readonly Told[], { key, publicUrl }: { key: string; publicUrl: string }): NewMail[] {
  const [first] = told
  if (!first) return []
  const locale = asLocale(first.locale), more = told.length - most_lines
  const lines = [...told.slice(0, most_lines).map(one => lineOf(one, { locale, publicUrl })), ...(more > 0 ? [translate(locale, 'alerts.more_on_page', { count: more })] : [])]
  return [{
    uniqueKey: key, toEmail: first.email, locale, template: 'supplier_changed',
    params: { supplier: first.supplier, standing: translate(locale, `alerts.word_${first.standing}`), more: told.length > 1 ? translate(locale, 'alerts.and_more', { count: told.length - 1 }) : '', lines: lines.join('\n\n'), url: told.length === 1 ? `/watchlist/${first.supplierId}` : '/alerts' },
  }]
}

const lineOf = ({ supplier, standing, before, on, reason, number }: Told, { locale, publicUrl }: { locale: ReturnType<typeof asLocale>; publicUrl: string }) => [
  `${supplier}（${number}）`, `  ${before ? `${translate(locale, `alerts.word_${before}`)} → ` : ''}${translate(locale, `alerts.word_${standing}`)}  ${on}`, ...(reason ? [`  ${translate(locale, `certificates.reason_${reason}`)}`] : []), `  ${publicUrl}/c/${number}`,
].join('\n')
