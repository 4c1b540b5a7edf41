import { heading, paragraph, styles } from '../sheets/sheet.ts'
import type { Drawing } from './draw.ts'

/** What nobody looked at: without it a report promises more than was seen. */
export function drawUnseen({ sheet, report: { unseen, sample, visit }, say, own, typed }: Drawing): void {
  heading(sheet, 'H2', say('unseen'))
  const listed = (names: readonly string[]) => names.join(own('、', ', '))
  const lines = [
    ...visit ? [] : [say('no_visit')],
    ...unseen.unrated.length > 0 ? [say('unseen_unrated', { count: unseen.unrated.length, list: listed(unseen.unrated) })] : [],
    ...unseen.notOnSite.length > 0 ? [say('unseen_on_site', { count: unseen.notOnSite.length, list: listed(unseen.notOnSite) })] : [],
    ...unseen.sites.length > 0 ? [say('unseen_sites', { count: unseen.sites.length, list: listed(unseen.sites) })] : [],
    ...sample?.below ? [say('unseen_interviews', { planned: sample.planned, band: sample.held ?? '' })] : [],
    ...sample?.othersBelow ? [say('unseen_others')] : [],
    ...unseen.unscanned.length > 0 ? [say('unseen_unscanned', { count: unseen.unscanned.length, list: listed(unseen.unscanned) })] : [],
  ]
  for (const each of lines) paragraph(sheet, each, styles.text)
  if (lines.length === 0) paragraph(sheet, say('unseen_nothing'), styles.text)
  if (unseen.exclusions.trim() !== '') {
    heading(sheet, 'H3', say('exclusions'))
    paragraph(sheet, unseen.exclusions, styles.text, { lang: typed })
  }
}
