import { addDays, addMonths, type CalendarDate } from './calendar.ts'
import { standings, type Standing } from './standing.ts'
import type { WantedLevel } from './suppliers.ts'

/** What a buyer's supplier comes to on the register: `none` when it has no certificate. */
export const watchedStandings = [...standings.filter(standing => standing !== 'issuing'), 'none'] as const
export type WatchedStanding = (typeof watchedStandings)[number]
export type Watched = { standing: WatchedStanding; expiresOn: CalendarDate | null; prefecture: string }

export const inGoodStanding = (standing: Standing | 'none'): boolean => ['certified', 'certified_with_condition', 'scope_reduced'].includes(standing)

/** How many stand where, in the order of the words; those that nobody stands in are left out. */
export const standingsOf = (watched: readonly Watched[]) =>
  watchedStandings.map(standing => ({ standing, suppliers: watched.filter(one => one.standing === standing).length })).filter(({ suppliers }) => suppliers > 0)

/** What runs out in this quarter and the seven after it. */
export function expiriesByQuarter(watched: readonly Watched[], today: CalendarDate): { from: CalendarDate; suppliers: number }[] {
  const first = `${today.slice(0, 5)}${String(Math.floor((Number(today.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`
  return Array.from({ length: 8 }, (_, nth) => {
    const from = addMonths(first, nth * 3), until = addMonths(first, nth * 3 + 3)
    return { from, suppliers: watched.filter(({ standing, expiresOn }) => inGoodStanding(standing) && expiresOn !== null && expiresOn >= from && expiresOn < until && expiresOn >= today).length }
  })
}

/** Suppliers in each prefecture, and how many of them have no good standing. */
export function byPrefecture(watched: readonly Watched[]): Map<string, { suppliers: number; open: number }> {
  const places = new Map<string, { suppliers: number; open: number }>()
  for (const { prefecture, standing } of watched) {
    const { suppliers, open } = places.get(prefecture) ?? { suppliers: 0, open: 0 }
    places.set(prefecture, { suppliers: suppliers + 1, open: open + (inGoodStanding(standing) ? 0 : 1) })
  }
  return places
}

export type WantedSupplier = {
  wantedLevel: WantedLevel; wantedBy: CalendarDate
  certificates: { expiresOn: CalendarDate; tier: string; changes: { on: CalendarDate; standing: Standing }[] }[] // changes as they were told, oldest first
}

/** Whether a supplier has what is wanted of it on a day: valid, of that level or above. What has been told up to then counts, so a day to come is as today is, unless a certificate ends before. */
export const reaches = ({ wantedLevel, certificates }: WantedSupplier, day: CalendarDate): boolean => certificates.some(({ expiresOn, tier, changes }) => {
  const standing = changes.findLast(({ on }) => on <= day)?.standing
  return day <= expiresOn && tier >= wantedLevel && standing !== undefined && inGoodStanding(standing)
})

/** At the end of each of the last twelve months, today's included, and of the six to come: how many suppliers should have a level by then, and how many do. */
export function gapsOverTime(wanted: readonly WantedSupplier[], today: CalendarDate): { month: CalendarDate; wanted: number; reached: number; ahead: boolean }[] {
  const thisMonth = `${today.slice(0, 7)}-01`
  return Array.from({ length: 18 }, (_, nth) => {
    const month = addMonths(thisMonth, nth - 11), end = addDays(addMonths(month, 1), -1)
    const due = wanted.filter(({ wantedBy }) => wantedBy <= end)
    return { month, wanted: due.length, reached: due.filter(supplier => reaches(supplier, month === thisMonth ? today : end)).length, ahead: month > thisMonth }
  })
}
