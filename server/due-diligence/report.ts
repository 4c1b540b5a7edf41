import { openFaces } from '../certificates/pdf/fonts.ts'
import { translate, type Params } from '../http/locale.ts'
import { fileOf } from '../sheets/file.ts'
import { frame, heading, newSheet, paragraph, styles, type Sheet, type Text } from '../sheets/sheet.ts'
import { table } from '../sheets/table.ts'
import { matchedIn, reachedIn, standingIn, type Report } from './rows.ts'

type Say = (key: string, params?: Params) => string

/** The report as people file it: who asked, when, by which state of the public record, each supplier, what changed, and how to check it without us. */
export async function drawReport(report: Report, at: Date): Promise<Uint8Array> {
  const { order: { locale }, buyer } = report
  const say: Say = (key, params) => translate(locale, `due_diligence.${key}`, params)
  const name = locale === 'ja' ? buyer.nameJa : buyer.nameEn, title = say('report_title')
  const sheet = newSheet(await openFaces(), locale)
  heading(sheet, 'H1', title)
  facts(sheet, report, say)
  counts(sheet, report, say)
  suppliers(sheet, report, say)
  changes(sheet, report, say)
  howToCheck(sheet, report, say)
  if (sheet.lacks) paragraph(sheet, translate(locale, 'audit_reports.lacks'), styles.quiet)
  const head = [name, title, ...report.sample ? [translate(locale, 'frame.sample')] : []].join(' · ')
  frame(sheet, head, '', (page, of) => say('report_page', { page, of }))
  return fileOf(sheet, { title: `${title} ${name}`, author: name, at })
}

const minute = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Tokyo' })
const time = (at: Date | null) => (at ? minute.format(at) : '–')

function facts(sheet: Sheet, { order, buyer, orderedBy, lines, publicUrl }: Report, say: Say): void {
  const { locale } = order, both = `${buyer.nameJa} / ${buyer.nameEn}`
  const rows: [string, string][] = [
    ['report_buyer', buyer.corporateNumber ? `${both} (${buyer.corporateNumber})` : both], ['report_ordered', `${time(order.orderedAt)} · ${orderedBy}`],
    ['report_checked', `${time(order.startedAt)} – ${time(lines.reduce<Date | null>((last, { checkedAt }) => (checkedAt && (!last || checkedAt > last) ? checkedAt : last), null))}`],
    ['report_register', say('report_register_is', { size: order.checkpointSize ?? 0, url: publicUrl })], ['report_scope', scopeIn(order, lines.length, say)], ['report_period', `${order.periodFrom} – ${order.periodTo}`],
    ['report_list_changed', time(order.listChangedAt)],
  ]
  paragraph(sheet, say('report_lead'), styles.text, { after: 8 })
  for (const [key, value] of rows) paragraph(sheet, `${say(key)}${locale === 'ja' ? '：' : ': '}${value}`, styles.text, { after: 0 })
}

const scopeIn = ({ tier, groupName }: Report['order'], count: number, say: Say) =>
  [say('report_suppliers', { count }), ...tier === null ? [] : [say('report_tier', { tier })], ...groupName === null ? [] : [say('report_group', { group: groupName })]].join(' · ')

function counts(sheet: Sheet, { lines, order: { locale } }: Report, say: Say): void {
  const tally = new Map<string, number>()
  for (const line of lines) tally.set(standingIn(locale, line), (tally.get(standingIn(locale, line)) ?? 0) + 1)
  heading(sheet, 'H2', say('report_counts'))
  table(sheet, [{ head: say('col_standing'), width: 3 }, { head: say('report_count'), width: 1 }], [...tally].sort(([, one], [, other]) => other - one).map(([word, count]) => [word, String(count)]))
}

function suppliers(sheet: Sheet, { lines, order: { locale } }: Report, say: Say): void {
  heading(sheet, 'H2', say('report_each'))
  const columns = [{ head: say('col_nth'), width: 24 }, { head: say('col_supplier'), width: 140 }, { head: say('report_asked'), width: 128 }, { head: say('report_standing'), width: 92 }, { head: say('col_expires'), width: 56 }, { head: say('report_wanted'), width: 66 }, { head: say('col_checked_at'), width: 54 }]
  table(sheet, columns, lines.map(line => [
    String(line.nth), both(line.name, [say('report_tier', { tier: line.tier }), line.groupName, line.country === 'JP' ? '' : line.country].filter(Boolean).join(' · ')),
    both(line.number ?? line.holder ?? '–', matchedIn(locale, line)), both(standingIn(locale, line), line.standingSince ? say('report_since', { date: line.standingSince }) : ''), line.expiresOn ?? '–',
    both(line.wantedLevel ? `${line.wantedLevel} · ${line.wantedBy}` : '–', reachedIn(locale, line)), time(line.checkedAt),
  ]))
}

function changes(sheet: Sheet, { changes, changesTold, order: { locale, periodFrom, periodTo } }: Report, say: Say): void {
  heading(sheet, 'H2', say('report_changes'))
  if (changes.length === 0) paragraph(sheet, say('report_no_changes', { from: periodFrom, to: periodTo }), styles.text)
  if (changesTold > changes.length) paragraph(sheet, say('report_changes_cut', { told: changesTold, shown: changes.length }), styles.text, { after: 4 })
  if (changes.length > 0) table(sheet, [{ head: say('report_told'), width: 80 }, { head: say('col_supplier'), width: 180 }, { head: say('col_number'), width: 140 }, { head: say('report_became'), width: 100 }],
    changes.map(change => [time(change.at), change.name, change.number, both(translate(locale, `certificates.standing_${change.standing}`), change.on)]))
}

function howToCheck(sheet: Sheet, { receipts, receiptsSha256, order, publicUrl }: Report, say: Say): void {
  heading(sheet, 'H2', say('report_proof'))
  paragraph(sheet, say('report_proof_text', { receipts, url: publicUrl }), styles.text, { after: 4 })
  paragraph(sheet, `receipts.jsonl SHA-256: ${receiptsSha256}`, styles.text, { after: 4 })
  if (order.checkpoint) paragraph(sheet, `${say('report_checkpoint')} ${order.checkpoint.trim().split('\n').slice(0, 3).join(' · ')}`, styles.text)
}

/** A cell of two paragraphs, the second quieter. */
const both = (text: string, beside: string): Text[] => [{ text, style: styles.cell }, ...beside === '' ? [] : [{ text: beside, style: styles.quiet }]]
