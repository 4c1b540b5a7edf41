import { japanDate } from '../domain/calendar.ts'
import { heading, paragraph, styles } from '../sheets/sheet.ts'
import { table, type Cell } from '../sheets/table.ts'
import type { Drawing } from './draw.ts'

/** C9: what was found, by grade, with its clause and its law, what the employer answered, and where it stood when the file was sealed. */
export function drawFindings({ sheet, report: { findings }, say, own, typed }: Drawing): void {
  heading(sheet, 'H2', say('findings'))
  if (findings.length === 0) paragraph(sheet, say('findings_none'), styles.text)
  const words = (text: string): Cell => [{ text, style: styles.cell, lang: typed }]
  findings.forEach((finding, at) => {
    const { criterion, grade, titleJa, titleEn, statement, evidence, state, verifiedDue, laws, response } = finding
    heading(sheet, 'H3', `${at + 1}. ${say(`findings.grade_${grade}`)} · ${criterion} ${own(titleJa, titleEn)}`)
    const law = laws.map(({ nameJa, nameEn, article }) => `${own(nameJa, nameEn)} ${article}`).join(own('、', '; '))
    const rows: [string, Cell][] = [
      [say('statement'), words(statement)], ...evidence === '' ? [] : [[say('evidence'), words(evidence)] as [string, Cell]], [say('clause'), criterion], [say('law'), law === '' ? say('law_none') : law],
      [say('state'), say(`findings.state_${state}`)], ...verifiedDue ? [[say('verified_due'), japanDate(new Date(verifiedDue))] as [string, Cell]] : [],
      ...response ? ([['cause', response.cause], ['correction', response.correction], ['corrective_action', response.correctiveAction]] as const).map(([key, text]): [string, Cell] => [say(key), words(text)]) : [],
    ]
    table(sheet, [{ head: say('what'), width: 2 }, { head: say('is'), width: 8 }], rows)
  })
}
