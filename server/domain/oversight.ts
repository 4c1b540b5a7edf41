import { daysBetween, type CalendarDate } from './calendar.ts'

/** An appeal or a complaint as the public log knows it: two days and how it ended. */
export type Remedy = { filedOn: CalendarDate; answeredOn: CalendarDate | null; upheld: boolean }

/** What everybody may know of all of them: how many, how many upheld of those answered, and how long an answer took (the middle one and the longest). */
export type RemedyCounts = { received: number; answered: number; open: number; upheld: number; medianDays: number | null; longestDays: number | null }

export function countRemedies(all: readonly Remedy[]): RemedyCounts {
  const days = all.flatMap(({ filedOn, answeredOn }) => (answeredOn ? [daysBetween(filedOn, answeredOn)] : [])).toSorted((one, other) => one - other)
  return {
    received: all.length, answered: days.length, open: all.length - days.length, upheld: all.filter(({ answeredOn, upheld }) => answeredOn !== null && upheld).length,
    medianDays: days[Math.ceil(days.length / 2) - 1] ?? null, longestDays: days.at(-1) ?? null, // the lower middle of an even number: a day that somebody waited
  }
}
