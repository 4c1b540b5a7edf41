import { describe, expect, it } from 'vitest'
import { isHoliday } from '../../server/domain/holidays.ts'

// Written out by hand from the Act and the calendars of the National Astronomical Observatory; not computed.
const holidays: Record<string, string> = {
  2026: '01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23',
  2027: '01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23',
  2028: '01-01 01-10 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-22 10-09 11-03 11-23',
  2029: '01-01 01-08 02-11 02-12 02-23 03-20 04-29 04-30 05-03 05-04 05-05 07-16 08-11 09-17 09-23 09-24 10-08 11-03 11-23',
  2030: '01-01 01-14 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-23 10-14 11-03 11-04 11-23',
  2031: '01-01 01-13 02-11 02-23 02-24 03-21 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 11-24',
  2032: '01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-21 09-22 10-11 11-03 11-23',
}

describe('holidays in Japan', () => {
  it.each(Object.entries(holidays))('%s has exactly these', (year, expected) => {
    const days = Array.from({ length: 366 }, (_, index) => new Date(Date.UTC(Number(year), 0, index + 1)).toISOString().slice(0, 10))
    const found = days.filter(date => date.startsWith(year) && isHoliday(date)).map(date => date.slice(5))
    expect(found.join(' ')).toBe(expected)
  })
})
