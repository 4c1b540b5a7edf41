import { isCalendarDate } from '../domain/calendar.ts'
import { foldDigits } from '../domain/text.ts'

/** The day that somebody asks about (?on=), or null; `unusable` is what was typed if that is no day or one that has not come. Full-width digits and slashes are read. */
export function readDay(typed: string | undefined, today: string): { on: string | null; unusable: string | null } {
  const text = foldDigits(typed ?? '')
  if (text === '') return { on: null, unusable: null }
  const [, year = '', month = '', day = ''] = /^(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text) ?? []
  const on = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isCalendarDate(on) && on <= today ? { on, unusable: null } : { on: null, unusable: text }
}
