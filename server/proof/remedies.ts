import { countRemedies, type Remedy, type RemedyCounts } from '../domain/oversight.ts'
import { isRemedyLine, type Entry, type RemedyLine } from './entry.ts'

const kinds = { appeals: ['appeal_filed', 'appeal_decided'], complaints: ['complaint_filed', 'complaint_answered'] } as const

/** The public counts of appeals and complaints, counted again from the lines of the log: what the page says must be this. */
export function recount(entries: readonly Entry[]): Record<keyof typeof kinds, RemedyCounts> {
  const lines = entries.filter(isRemedyLine)
  return { appeals: countRemedies(remedies(lines, ...kinds.appeals)), complaints: countRemedies(remedies(lines, ...kinds.complaints)) }
}

function remedies(lines: readonly RemedyLine[], filed: RemedyLine['type'], answered: RemedyLine['type']): Remedy[] {
  const answers = new Map(lines.filter(({ type }) => type === answered).map(line => [line.case, line]))
  return lines.filter(({ type }) => type === filed).map(line => {
    const answer = answers.get(line.case)
    return { filedOn: line.on, answeredOn: answer?.on ?? null, upheld: answer?.outcome === 'upheld' }
  })
}
