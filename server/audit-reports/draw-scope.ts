import { japanDate } from '../domain/calendar.ts'
import { heading, paragraph, styles } from '../sheets/sheet.ts'
import { table, type Cell } from '../sheets/table.ts'
import type { Drawing } from './draw.ts'

/** What was audited, by which standard, on which sealed file. */
export function drawFacts({ sheet, report, say, own, typed }: Drawing): void {
  const { holder, standard, dossier, edition, cycle, documents, totals } = report
  paragraph(sheet, say(`lead_${edition}`), styles.text, { after: 8 })
  const rows: [string, Cell][] = [
    [say('corporate_number'), holder.corporateNumber], [say('address'), [{ text: holder.addressJa, style: styles.cell, lang: typed }]], [say('industry'), own(holder.industryJa, holder.industryEn)],
    [say('workers'), say('people_band', { band: holder.workers })], [say('foreign_workers'), say('people_band', { band: holder.foreignWorkers })],
    [say('standard'), `${own(standard.titleJa, standard.titleEn)} ${standard.version}`], [say('cycle'), String(cycle)], [say('documents'), say('documents_n', { count: documents })],
    [say('sealed'), say('sealed_on', { date: japanDate(dossier.sealedAt), seq: dossier.logSeq })], [say('dossier_hash'), dossier.sha256],
  ]
  table(sheet, [{ head: say('what'), width: 3 }, { head: say('is'), width: 7 }], rows)
  paragraph(sheet, say('bands_why'), styles.quiet)
  heading(sheet, 'H2', say('summary'))
  table(sheet, [{ head: say('rating'), width: 3 }, { head: say('criteria_n'), width: 1, right: true }], totals.map(({ value, count }) => [say(`assessments.rating_${value}`), String(count)]))
  const grades = Map.groupBy(report.findings, ({ grade }) => grade)
  if (grades.size > 0) table(sheet, [{ head: say('finding_grade'), width: 3 }, { head: say('findings_n'), width: 1, right: true }], [...grades].map(([grade, found]) => [say(`findings.grade_${grade}`), String(found.length)]))
  if (report.recommendation) {
    heading(sheet, 'H3', say('recommendation'))
    paragraph(sheet, say(`recommended_${report.recommendation.outcome}`), styles.text, { after: 2 })
    for (const text of [report.recommendation.summary, report.recommendation.strengths]) paragraph(sheet, text, styles.text, { lang: typed })
  }
}

export function drawSites({ sheet, report: { sites }, say, typed }: Drawing): void {
  heading(sheet, 'H2', say('sites'))
  table(sheet, [{ head: say('site'), width: 4 }, { head: say('site_kind'), width: 1.6 }, { head: say('people'), width: 1.6 }, { head: say('visited'), width: 1.6 }], sites.map(({ kind, nameJa, addressJa, band, visited }) => [
    [{ text: nameJa, style: styles.strong, lang: typed }, { text: addressJa, style: styles.quiet, lang: typed }], say(`kind_${kind}`), say('people_band', { band }), say(visited ? 'visited_yes' : 'visited_no'),
  ]))
}
