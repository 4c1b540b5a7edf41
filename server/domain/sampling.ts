import { readRange, rowFor } from './ranges.ts'

export type InterviewRow = { foreignWorkers: string; interviews: string | number }
export type AmforiRow = { workers: string; manDays: number; interviews: string }
export type SamplingTables = { foreignWorkerInterviews: readonly InterviewRow[]; amforiBsciComparison: readonly AmforiRow[] }

/** Head counts only. `populations` are the foreign workers by nationality; several rows of one nationality are added up. */
export type Workforce = { workers: number; populations: readonly { nationality: string; people: number }[] }

export type InterviewSample = {
  total: number            // foreign workers to interview
  oneToOne: number         // at least 60 % of them
  inGroups: number
  groups: number           // of 3 to 5
  japanesePeers: number
  workerRepresentative: number
  foreignWorkers: number
  reasons: { table: number; amfori: number; nationalities: number }  // the three minimums; the largest counts
  rows: { table: InterviewRow; amfori: AmforiRow }
}

/** decisions.md 6: the larger of our table and the amfori row for the whole workforce, never more than there are foreign workers. */
export function interviewSample(workforce: Workforce, tables: SamplingTables): InterviewSample {
  const nationalities = byNationality(workforce.populations)
  const foreignWorkers = nationalities.reduce((sum, people) => sum + people, 0)
  const table = rowFor(tables.foreignWorkerInterviews, row => row.foreignWorkers, foreignWorkers).row
  const amfori = rowFor(tables.amforiBsciComparison, row => row.workers, Math.max(workforce.workers, foreignWorkers)).row
  const reasons = {
    table: interviewsAsked(table.interviews, foreignWorkers, nationalities),
    amfori: readLeastInterviews(amfori.interviews),
    nationalities: nationalities.length, // interview_sampling rule: at least one per nationality
  }
  const total = Math.min(foreignWorkers, Math.max(...Object.values(reasons)))
  return { total, ...split(total), japanesePeers: 2, workerRepresentative: 1, foreignWorkers, reasons, rows: { table, amfori } }
}

/** Nationalities with so few people that the standard hears all of them. */
export function heardWhole({ populations }: Pick<Workforce, 'populations'>, { foreignWorkerInterviews }: SamplingTables): string[] {
  const sums = sumsOf(populations)
  const { row } = rowFor(foreignWorkerInterviews, row => row.foreignWorkers, [...sums.values()].reduce((sum, people) => sum + people, 0))
  const rule = readInterviewRule(row.interviews)
  return 'all' in rule ? [] : [...sums].filter(([, people]) => people > 0 && people <= rule.wholeNationalityUpTo).map(([nationality]) => nationality)
}

function sumsOf(populations: Workforce['populations']): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { nationality, people } of populations) sums.set(nationality, (sums.get(nationality) ?? 0) + people)
  return sums
}

const byNationality = (populations: Workforce['populations']): number[] => [...sumsOf(populations).values()].filter(people => people > 0)

// At least 60 % one-to-one; what is left sits in groups of 3 to 5, and one or two people make no group.
function split(total: number) {
  const left = total - Math.ceil((total * 3) / 5)
  const inGroups = left >= 3 ? left : 0
  return { oneToOne: total - inGroups, inGroups, groups: Math.ceil(inGroups / 5) }
}

type Rule = { all: true } | { base: number; wholeNationalityUpTo: number; per: number; above: number }

/** Reads one `interviews` cell. Throws RangeError when it is none of the known forms. */
export function readInterviewRule(cell: string | number): Rule {
  if (cell === 'all') return { all: true }
  const [, base, upTo, more, per, above] =
    /^(\d+)(?: \+ all of any nationality with <= (\d+) people| \+ (\d+) per (\d+) above (\d+))?$/.exec(String(cell)) ?? []
  if (base === undefined || (more !== undefined && more !== '1')) throw new RangeError(`not an interview rule: ${cell}`)
  return { base: Number(base), wholeNationalityUpTo: Number(upTo ?? 0), per: Number(per ?? Infinity), above: Number(above ?? 0) }
}

function interviewsAsked(cell: string | number, foreignWorkers: number, nationalities: readonly number[]): number {
  const rule = readInterviewRule(cell)
  if ('all' in rule) return foreignWorkers
  const small = nationalities.filter(people => people <= rule.wholeNationalityUpTo).reduce((sum, people) => sum + people, 0)
  // Every begun step counts: a sample is never rounded down.
  return rule.base + small + Math.ceil(Math.max(0, foreignWorkers - rule.above) / rule.per)
}

/** The least of an amfori cell: '5-10' → 5, '>30' → 31. Throws RangeError otherwise. */
export const readLeastInterviews = (cell: string): number =>
  cell.startsWith('>') ? readRange(cell.slice(1)).least + 1 : readRange(cell).least
