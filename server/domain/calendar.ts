import { isHoliday } from './holidays.ts'

/** A day in Japan, YYYY-MM-DD. Days are compared as text. */
export type CalendarDate = string

const day_ms = 86_400_000
const japan_ms = 9 * 3_600_000 // Japan has kept UTC+9 without summer time since 1952

export const isCalendarDate = (text: string): text is CalendarDate =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && asDate(Date.parse(text)) === text

/** The day it is in Japan at this instant. */
export const japanDate = (instant: Date): CalendarDate => asDate(instant.getTime() + japan_ms)

/** 23:59:59.999 in Japan: the moment a day's deadline passes. */
export const endOfDay = (date: CalendarDate): Date => new Date(label(date) + day_ms - japan_ms - 1)

export const addDays = (date: CalendarDate, days: number): CalendarDate => asDate(label(date) + days * day_ms)

/** The same day of another month, or that month's last day: 2027-01-31 + 1 → 2027-02-28. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const start = new Date(label(date))
  const target = [start.getUTCFullYear(), start.getUTCMonth() + months] as const
  const last = new Date(Date.UTC(target[0], target[1] + 1, 0)).getUTCDate()
  return asDate(Date.UTC(target[0], target[1], Math.min(start.getUTCDate(), last)))
}

export const daysBetween = (from: CalendarDate, to: CalendarDate): number => (label(to) - label(from)) / day_ms

/** 0 is Sunday. */
export const weekday = (date: CalendarDate): number => new Date(label(date)).getUTCDay()

// Act on Holidays of Administrative Organs, art. 1: weekends, national holidays, 29 December to 3 January. Offices in Japan keep the same days.
export const isBusinessDay = (date: CalendarDate): boolean =>
  weekday(date) !== 0 && weekday(date) !== 6 && !isHoliday(date) && !/-(12-(29|30|31)|01-0[123])$/.test(date)

/** The day on which the n-th business day after `date` falls; `date` itself is not counted (Civil Code art. 140). */
export function addBusinessDays(date: CalendarDate, days: number): CalendarDate {
  let day = date
  for (let left = days; left > 0;) {
    day = addDays(day, 1)
    if (isBusinessDay(day)) left -= 1
  }
  return day
}

function asDate(milliseconds: number): CalendarDate {
  const text = new Date(milliseconds).toISOString()
  if (text.length > 24) throw new RangeError(`beyond the calendar: ${text}`) // years after 9999 are written with a sign
  return text.slice(0, 10)
}

// Midnight UTC of the day's own label: only labels are reckoned with, so no time zone can move them.
function label(date: CalendarDate): number {
  const milliseconds = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(milliseconds)) throw new RangeError(`no date: ${date}`)
  return milliseconds
}
