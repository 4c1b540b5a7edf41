import { daysBetween, type CalendarDate } from './calendar.ts'

// C7: what a visit plan must hold. Each fault is told in words by problems.need_<fault>.
export const planFaults = ['visit_ahead', 'visit_within_a_year', 'visit_short_enough', 'every_workplace', 'known_sites', 'enough_interviews', 'justification'] as const
export type PlanFault = (typeof planFaults)[number]

export type Wanted = { startsOn: CalendarDate; endsOn: CalendarDate; siteIds: readonly string[]; personDays: number; interviews: number; justification: string }
export type Reckoned = { personDays: number; interviews: number }
type Place = { id: string; kind: 'workplace' | 'housing' }

// Ours: a visit that lasts longer is several visits, and one that is further ahead is no plan yet.
const longest_visit_days = 31
const furthest_ahead_days = 366

/**
 * What is wrong with a plan; empty when nothing is. The interview sample is a minimum (decisions.md 6) and may only grow;
 * person-days may differ from the table either way, with a justification (ISO/IEC 17021-1 9.1.4).
 */
export function planFaultsOf(wanted: Wanted, reckoned: Reckoned, places: readonly Place[], today: CalendarDate): PlanFault[] {
  const workplaces = places.filter(({ kind }) => kind === 'workplace')
  const table: readonly (readonly [PlanFault, boolean])[] = [
    ['visit_ahead', wanted.startsOn < today],
    ['visit_within_a_year', wanted.startsOn > today && daysBetween(today, wanted.startsOn) > furthest_ahead_days],
    ['visit_short_enough', daysBetween(wanted.startsOn, wanted.endsOn) >= longest_visit_days],
    ['every_workplace', workplaces.some(({ id }) => !wanted.siteIds.includes(id))],
    ['known_sites', wanted.siteIds.length === 0 || wanted.siteIds.some(id => !places.some(place => place.id === id))],
    ['enough_interviews', wanted.interviews < reckoned.interviews],
    ['justification', (wanted.personDays !== reckoned.personDays || wanted.interviews !== reckoned.interviews) && wanted.justification === ''],
  ]
  return table.filter(([, stands]) => stands).map(([fault]) => fault)
}
