import { rowFor } from './ranges.ts'

export type EffortRow = { workers: string; days: number; deskDays: number }
export type EffortTable = {
  onSitePersonDays: readonly EffortRow[]
  addOns: { eachExtraHousingSite: number; eachExtraLanguageInterpreter: number; nightShift: number; secondSiteSameLawUnit: string }
  surveillanceFactor: number
  recertificationFactor: number
}

export const auditKinds = ['initial', 'surveillance', 'recertification'] as const
export type Audit = {
  kind: (typeof auditKinds)[number]
  workplaces: readonly number[]    // workers at each work site, dispatched workers included
  housingSites: number
  interpreterLanguages: number
  nightShift: boolean
}

export const effortItems = ['main_site', 'further_site', 'housing', 'interpreter', 'night_shift'] as const
export type EffortLine = { what: (typeof effortItems)[number]; count: number; days: number }
export type Effort = { onSiteDays: number; deskDays: number; lines: EffortLine[]; factor: number; beyondTable: boolean }

/** Person-days on site with each addition listed, and desk days; two decimals. `beyondTable`: more workers than the table knows. */
export function auditEffort(audit: Audit, table: EffortTable): Effort {
  const [largest = 1, ...further] = audit.workplaces.toSorted((one, other) => other - one)
  const whole = rowFor(table.onSitePersonDays, row => row.workers, audit.workplaces.reduce((sum, workers) => sum + workers, 0))
  const lines = linesFor(audit, largest, further, table).filter(({ days }) => days > 0)
  const factor = { initial: 1, surveillance: table.surveillanceFactor, recertification: table.recertificationFactor }[audit.kind]
  const sum = lines.reduce((days, line) => days + line.days, 0)
  return { onSiteDays: rounded(sum * factor), deskDays: rounded(whole.row.deskDays * factor), lines, factor, beyondTable: whole.beyond }
}

function linesFor(audit: Audit, largest: number, further: readonly number[], { onSitePersonDays, addOns }: EffortTable): EffortLine[] {
  const daysAt = (workers: number) => rowFor(onSitePersonDays, row => row.workers, workers).row.days
  const share = readShare(addOns.secondSiteSameLawUnit)
  const extraHousing = Math.max(0, audit.housingSites - 1)
  const extraLanguages = Math.max(0, audit.interpreterLanguages - 1)
  return [
    { what: 'main_site', count: 1, days: daysAt(largest) },
    { what: 'further_site', count: further.length, days: rounded(further.reduce((sum, workers) => sum + daysAt(workers) * share, 0)) },
    { what: 'housing', count: extraHousing, days: extraHousing * addOns.eachExtraHousingSite },
    { what: 'interpreter', count: extraLanguages, days: extraLanguages * addOns.eachExtraLanguageInterpreter },
    { what: 'night_shift', count: audit.nightShift ? 1 : 0, days: audit.nightShift ? addOns.nightShift : 0 },
  ]
}

/** '60% of table' → 0.6. Throws RangeError otherwise. */
export function readShare(cell: string): number {
  const [, percent] = /^(\d+)% of table$/.exec(cell) ?? []
  if (!percent) throw new RangeError(`not a share of the table: ${cell}`)
  return Number(percent) / 100
}

const rounded = (days: number) => Math.round(days * 100) / 100
