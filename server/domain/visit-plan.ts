import { daysBetween, japanDate, type CalendarDate } from './calendar.ts'
import type { Role } from './roles.ts'

// C7: what a visit plan must hold. Each fault is told in words by problems.need_<fault>.
export const planFaults = ['visit_ahead', 'visit_within_a_year', 'visit_short_enough', 'every_workplace', 'known_sites', 'enough_interviews', 'justification', 'days_available', 'announced_already', 'agreed_days', 'days_not_agreed'] as const
export type PlanFault = (typeof planFaults)[number]

export type Wanted = { startsOn: CalendarDate; endsOn: CalendarDate; siteIds: readonly string[]; personDays: number; interviews: number; justification: string; announced: boolean }
export type Reckoned = { personDays: number; interviews: number }
type Place = { id: string; kind: 'workplace' | 'housing' }
export type Days = { startsOn: CalendarDate; endsOn: CalendarDate }
/** What was said before: days on which the employer cannot, days that both sides agreed on, whether it knows of a day already, and the plan until now. */
export type Said = { unavailable: readonly Days[]; agreed: Days | null; announced: boolean; before?: (Days & { justification: string }) | null }

// Ours: a visit that lasts longer is several visits, and one that is further ahead is no plan yet.
const longest_visit_days = 31
const furthest_ahead_days = 366

/**
 * What is wrong with a plan; empty when nothing is. The interview sample is a minimum (decisions.md 6) and may only grow;
 * person-days may differ from the table either way, with a justification (ISO/IEC 17021-1 9.1.4).
 */
export function planFaultsOf(wanted: Wanted, reckoned: Reckoned, places: readonly Place[], today: CalendarDate, said: Said = { unavailable: [], agreed: null, announced: false }): PlanFault[] {
  const workplaces = places.filter(({ kind }) => kind === 'workplace')
  const table: readonly (readonly [PlanFault, boolean])[] = [
    ['every_workplace', workplaces.some(({ id }) => !wanted.siteIds.includes(id))],
    ['known_sites', wanted.siteIds.length === 0 || wanted.siteIds.some(id => !places.some(place => place.id === id))],
    ['enough_interviews', wanted.interviews < reckoned.interviews],
    ['justification', (wanted.personDays !== reckoned.personDays || wanted.interviews !== reckoned.interviews) && wanted.justification === ''],
    ['announced_already', said.announced && !wanted.announced],
    ['days_not_agreed', !wanted.announced && said.agreed !== null && overlap(wanted, said.agreed)],
    ['agreed_days', wanted.announced && differ(wanted, said.agreed) && !isReason(wanted, said.before ?? null)],
  ]
  const dayFaults = dayFaultsOf(wanted, wanted.announced ? said.unavailable : [], today) // an unannounced visit asks nobody
  return [...dayFaults, ...table.flatMap(([fault, stands]) => (stands ? [fault] : []))]
}

// What was written for the plan before says nothing of why the days move now.
const isReason = (wanted: Wanted, before: (Days & { justification: string }) | null): boolean =>
  wanted.justification !== '' && !(differ(wanted, before) && wanted.justification === before?.justification)

/** What is wrong with the days alone, planned or proposed. */
export function dayFaultsOf(wanted: Days, unavailable: readonly Days[], today: CalendarDate): PlanFault[] {
  const table: readonly (readonly [PlanFault, boolean])[] = [
    ['visit_ahead', wanted.startsOn < today],
    ['visit_within_a_year', wanted.startsOn > today && daysBetween(today, wanted.startsOn) > furthest_ahead_days],
    ['visit_short_enough', daysBetween(wanted.startsOn, wanted.endsOn) >= longest_visit_days],
    ['days_available', unavailable.some(days => overlap(days, wanted))],
  ]
  return table.flatMap(([fault, stands]) => (stands ? [fault] : []))
}

/** Are these other days than those that were agreed on? Where nothing was agreed, nothing differs. */
export const differ = (one: Days, agreed: Days | null): boolean => agreed !== null && (one.startsOn !== agreed.startsOn || one.endsOn !== agreed.endsOn)

export const overlap = (one: Days, other: Days): boolean => one.startsOn <= other.endsOn && one.endsOn >= other.startsOn

export const isOneOf = (day: CalendarDate, { startsOn, endsOn }: Days): boolean => startsOn <= day && day <= endsOn

/** The day from which a visit can have been held: that of its beginning where it was a surprise, else the first one planned. */
export const firstDayOf = ({ startsOn, begunAt }: { startsOn: CalendarDate; begunAt: Date | null }): CalendarDate => (begunAt ? japanDate(begunAt) : startsOn)

export type Secrecy = { announced: boolean; begunAt: Date | null }
export const isSecret = ({ announced, begunAt }: Secrecy): boolean => !announced && begunAt === null

/** Until an unannounced visit began, it is known to its assessors and to the secretariat; never to anybody who also belongs to the employer. */
export const isKnownTo = (visit: Secrecy, { held, declared }: { held: readonly Role[]; declared: boolean }): boolean =>
  !isSecret(visit) || (!held.includes('applicant') && (held.includes('operator') || (held.includes('assessor') && declared)))
