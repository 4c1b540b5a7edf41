import type { CalendarDate } from './calendar.ts'

export const reaches = ['all', 'employer_arranged_housing', 'programme_workers'] as const
export type LawLine = { law: string; article: string; effectiveFrom?: string | undefined }
export type Asked = { appliesTo: (typeof reaches)[number]; coreForMicro: boolean; legalBasis: readonly LawLine[] }

/** What decides which criteria are asked. `workers` are all workers, Japanese ones too. */
export type EmployerFacts = { workers: number; arrangesHousing: boolean; hasProgrammeWorkers: boolean }

export type Applicability =
  | { applies: true; evidence: 'asked' | 'optional' }
  | { applies: false; because: 'no_employer_housing' | 'no_programme_workers' | 'micro_firm' }

// core_for_micro: asked of firms with 10 or fewer workers
const micro_workers = 10

/**
 * Whether a criterion is asked of this employer on this day.
 * decisions.md 7: a legal duty is asked of every size of firm. For a micro firm `coreForMicro: false` drops a criterion only when
 * no law stands behind it that day; with a law the criterion stays and only its documents become optional.
 */
export function applicability(criterion: Asked, facts: EmployerFacts, on: CalendarDate): Applicability {
  if (criterion.appliesTo === 'employer_arranged_housing' && !facts.arrangesHousing) return { applies: false, because: 'no_employer_housing' }
  if (criterion.appliesTo === 'programme_workers' && !facts.hasProgrammeWorkers) return { applies: false, because: 'no_programme_workers' }
  if (criterion.coreForMicro || facts.workers > micro_workers) return { applies: true, evidence: 'asked' }
  return lawOn(criterion.legalBasis, on).inForce.length > 0 ? { applies: true, evidence: 'optional' } : { applies: false, because: 'micro_firm' }
}

// The Technical Intern Training Act and its ordinance give way to the Skill Development Act on 2027-04-01; transitional cases aside.
const lastDays: Record<string, CalendarDate> = { TITA: '2027-03-31', TITO: '2027-03-31' }

/** The law lines of a criterion on a day: in force, still to come, and ended. */
export function lawOn<Line extends LawLine>(lines: readonly Line[], on: CalendarDate): { inForce: Line[]; later: Line[]; ended: Line[] } {
  const isLater = (line: Line) => line.effectiveFrom !== undefined && line.effectiveFrom > on
  const isEnded = (line: Line) => (lastDays[line.law] ?? '9999-12-31') < on
  return {
    inForce: lines.filter(line => !isLater(line) && !isEnded(line)),
    later: lines.filter(isLater),
    ended: lines.filter(isEnded),
  }
}
