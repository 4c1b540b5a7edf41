// Act on National Holidays (国民の祝日に関する法律), art. 2, as in force since 2022. Valid from 2022 until the Act is changed again.
// `gazetted`: the last year whose days the government has published (each February for the year after); later days are reckoned by the same Act
// and said to be. After `until` the rule of the equinoxes is no longer good, and nothing is known: whoever asks is told so, never answered wrongly.
export const holidayTable = { from: '2022-01-01', gazetted: '2027-12-31', until: '2099-12-31' } as const

export type HolidayKnowledge = 'gazetted' | 'reckoned' | 'unknown'
export const holidayKnowledge = (date: string): HolidayKnowledge =>
  (date < holidayTable.from || date > holidayTable.until ? 'unknown' : date <= holidayTable.gazetted ? 'gazetted' : 'reckoned')

const holidays = [
  ['元日', 1, { day: 1 }],
  ['成人の日', 1, { monday: 2 }],
  ['建国記念の日', 2, { day: 11 }],
  ['天皇誕生日', 2, { day: 23 }],
  ['春分の日', 3, { equinox: 20.8431 }],
  ['昭和の日', 4, { day: 29 }],
  ['憲法記念日', 5, { day: 3 }],
  ['みどりの日', 5, { day: 4 }],
  ['こどもの日', 5, { day: 5 }],
  ['海の日', 7, { monday: 3 }],
  ['山の日', 8, { day: 11 }],
  ['敬老の日', 9, { monday: 3 }],
  ['秋分の日', 9, { equinox: 23.2488 }],
  ['スポーツの日', 10, { monday: 2 }],
  ['文化の日', 11, { day: 3 }],
  ['勤労感謝の日', 11, { day: 23 }],
] as const satisfies readonly (readonly [string, number, Falls])[]

type Falls = { day: number } | { monday: number } | { equinox: number }

/** Is this day (YYYY-MM-DD) a holiday: a national one, its substitute, or a day between two of them? Throws RangeError where the table ends. */
export function isHoliday(date: string): boolean {
  if (holidayKnowledge(date) === 'unknown') throw new RangeError(`no holidays are known for ${date}: the table goes from ${holidayTable.from} to ${holidayTable.until}`)
  return isNational(date) || isSubstitute(date) || isBetween(date)
}

function isNational(date: string): boolean {
  const year = yearOf(date)
  return holidays.some(([, month, falls]) => date === written(year, month, dayOf(year, month, falls)))
}

// Art. 3(2): a holiday on a Sunday gives the next day that is no national holiday itself.
function isSubstitute(date: string): boolean {
  if (isNational(date)) return false
  let before = shifted(date, -1)
  while (isNational(before)) {
    if (dayOfWeek(before) === 0) return true
    before = shifted(before, -1)
  }
  return false
}

// Art. 3(3): a day with a national holiday before and after it, as in September 2026 and 2032.
const isBetween = (date: string) => !isNational(date) && isNational(shifted(date, -1)) && isNational(shifted(date, 1))

function dayOf(year: number, month: number, falls: Falls): number {
  if ('day' in falls) return falls.day
  if ('equinox' in falls) return equinoxDay(year, falls.equinox)
  const first = dayOfWeek(written(year, month, 1))
  return 1 + ((8 - first) % 7) + (falls.monday - 1) * 7
}

// The rule of thumb of the Hydrographic Department, good for 1980 to 2099.
const equinoxDay = (year: number, base: number) => Math.floor(base + 0.242194 * (year - 1980)) - Math.floor((year - 1980) / 4)

const yearOf = (date: string) => Number(date.slice(0, 4))
const written = (year: number, month: number, day: number) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
const dayOfWeek = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay()
const shifted = (date: string, days: number) => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
