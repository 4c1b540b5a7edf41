import { setImmediate as pause } from 'node:timers/promises'
import { heading, paragraph, styles } from '../sheets/sheet.ts'
import { table } from '../sheets/table.ts'
import type { Drawing } from './draw.ts'

const values = ['conforms', 'minor', 'major', 'zero_tolerance', 'not_applicable'] as const

/** What was asked, section by section, and how each criterion was rated; inside the scheme with what assessors noted. */
export async function drawCriteria({ sheet, report: { sections }, say, own, typed }: Drawing): Promise<void> {
  heading(sheet, 'H2', say('criteria'))
  table(sheet, [{ head: say('section'), width: 5 }, ...values.map(value => ({ head: say(`short_${value}`), width: 1.3, right: true }))], sections.map(({ id, titleJa, titleEn, counts }) => [`${id} ${own(titleJa, titleEn)}`, ...values.map(value => String(counts[value]))]))
  for (const { id, titleJa, titleEn, criteria } of sections) {
    heading(sheet, 'H3', `${id} ${own(titleJa, titleEn)}`)
    table(sheet, [{ head: say('criterion'), width: 1 }, { head: say('asked'), width: 5.6 }, { head: say('rating'), width: 1.6 }], criteria.map(({ id, titleJa, titleEn, rating }) => [id, own(titleJa, titleEn), rating ? say(`assessments.rating_${rating}`) : say('not_rated')]))
    for (const { id, note, notes } of criteria.filter(({ note, notes }) => note !== '' || notes.length > 0)) {
      paragraph(sheet, say('noted', { criterion: id }), styles.strong, { after: 0 })
      for (const text of [note, ...notes]) {
        paragraph(sheet, text, styles.text, { lang: typed, indent: 12 })
        await pause() // hundreds of notes take a while to set
      }
    }
  }
}
