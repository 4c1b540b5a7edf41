import { japanDate } from '../domain/calendar.ts'
import { heading, paragraph, styles } from '../sheets/sheet.ts'
import { table } from '../sheets/table.ts'
import type { Drawing } from './draw.ts'

/** C7, ISO/IEC 17021-1 9.1.4: the days, how many of them and by which clause, and why they differ from the table where they do. */
export function drawPlan({ sheet, report: { visit, meetings }, say, typed }: Drawing): void {
  heading(sheet, 'H2', say('plan'))
  if (!visit) {
    paragraph(sheet, say('no_visit'), styles.text)
    return
  }
  const { startsOn, endsOn, heldOn, team, personDays, reckonedDays, deskDays, lines, factor } = visit
  table(sheet, [{ head: say('what'), width: 3 }, { head: say('is'), width: 7 }], [
    [say('planned_days'), `${startsOn} – ${endsOn}`], [say('held_on'), heldOn ?? say('not_told')], [say('team'), [{ text: team, style: styles.cell, lang: typed }]], [say('person_days'), String(personDays)],
    ...meetings.map(({ kind, heldAt }) => [say(`meeting_${kind}`), japanDate(heldAt)]),
  ])
  heading(sheet, 'H3', say('visits.effort'))
  table(sheet, [{ head: say('visits.effort_item'), width: 3 }, { head: say('visits.effort_clause'), width: 4 }, { head: say('visits.effort_count'), width: 1, right: true }, { head: say('visits.effort_days'), width: 1.4, right: true }], [
    ...lines.map(({ what, count, days }) => [say(`visits.effort_${what}`), say(`visits.clause_${what}`), String(count), String(days)]),
    [say('visits.effort_total'), 'ISO/IEC 17021-1 9.1.4', '', String(reckonedDays)], [say('visits.effort_desk'), say('visits.clause_desk'), '', String(deskDays)],
  ])
  if (factor !== 1) paragraph(sheet, say('visits.effort_factor', { factor }), styles.text)
  if (visit.beyondTable) paragraph(sheet, say('visits.beyond_table'), styles.text)
  if (visit.editions > 1) paragraph(sheet, say('plan_editions', { count: visit.editions }), styles.text)
  if (visit.justification !== '') {
    heading(sheet, 'H3', say('justification'))
    paragraph(sheet, visit.justification, styles.text, { lang: typed })
  }
  for (const { kind, disagreements } of meetings.filter(({ disagreements }) => disagreements.trim() !== '')) {
    heading(sheet, 'H3', say(`disagreements_${kind}`))
    paragraph(sheet, disagreements, styles.text, { lang: typed })
  }
}

/** Who was to be heard, by which rows of which tables, and who was: in bands, never by code or word. */
export function drawSample({ sheet, report: { sample }, say }: Drawing): void {
  heading(sheet, 'H2', say('sample'))
  if (!sample) {
    paragraph(sheet, say('no_sample'), styles.text)
    return
  }
  const { rows, reasons } = sample, told = (band: string | null) => (band === null ? say('too_few') : say('people_band', { band }))
  table(sheet, [{ head: say('heard'), width: 4 }, { head: say('planned'), width: 1.4 }, { head: say('held'), width: 3 }], [
    [say('heard_workers'), String(sample.planned), told(sample.held)], [say('heard_peers'), String(sample.peers), told(sample.heldPeers)], [say('heard_representative'), String(sample.representative), told(sample.heldRepresentative)],
  ])
  table(sheet, [{ head: say('minimum'), width: 4 }, { head: say('minimum_row'), width: 3 }, { head: say('minimum_asks'), width: 1.4, right: true }], [
    [say('visits.sample_table'), say('row_foreign', { band: rows.table.foreignWorkers }), String(reasons.table)], [say('visits.sample_amfori'), say('row_all', { band: rows.amfori.workers }), String(reasons.amfori)],
    [say('visits.sample_nationalities'), say('row_nationality'), String(reasons.nationalities)],
  ])
  paragraph(sheet, say('sample_split', { alone: sample.oneToOne, groups: sample.inGroups }), styles.text)
  paragraph(sheet, say('sample_secret'), styles.quiet)
}
