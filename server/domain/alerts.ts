import { japanDate, type CalendarDate } from './calendar.ts'

// How a member of a buyer hears of a change: at once, in one mail a day, or only on the page, by webhook and calendar.
export const alertModes = ['at_once', 'daily', 'never'] as const
export type AlertMode = (typeof alertModes)[number]

const day_ms = 86_400_000
const seven_in_japan_ms = 22 * 3_600_000 // UTC, of the day before

/** The day's news: from seven to seven in the morning in Japan, the last such window that is over. */
export function dailyWindow(now: Date): { from: Date; until: Date; day: CalendarDate } {
  const until = new Date(Math.floor((now.getTime() - seven_in_japan_ms) / day_ms) * day_ms + seven_in_japan_ms)
  return { from: new Date(until.getTime() - day_ms), until, day: japanDate(until) }
}
