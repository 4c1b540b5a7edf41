import { describe, expect, it } from 'vitest'
import { addBusinessDays } from '../../server/domain/calendar.ts'
import { dueFor, isProvisional } from '../../server/domain/deadlines.ts'
import { holidayKnowledge, holidayTable, isHoliday } from '../../server/domain/holidays.ts'

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

  it.each([
    ['2021-12-31', 'unknown'], ['2022-01-01', 'gazetted'], [holidayTable.gazetted, 'gazetted'], ['2028-01-01', 'reckoned'], ['2099-12-31', 'reckoned'], ['2100-01-01', 'unknown'],
  ])('%s is %s', (date, knowledge) => expect(holidayKnowledge(date)).toBe(knowledge))

  it('where the table ends nothing is said that may be wrong', () => {
    expect(() => isHoliday('2100-01-01')).toThrow('no holidays are known for 2100-01-01')
    expect(() => addBusinessDays('2099-12-25', 10)).toThrow(RangeError) // the New Year would have to be guessed
    expect(addBusinessDays('2099-12-25', 1)).toBe('2099-12-28')
  })

  it('a date counted over days that are not published yet says so; one counted in plain days never hangs on them', () => {
    const [published, reckoned] = [dueFor('submitted', new Date('2027-12-01T01:00:00Z')), dueFor('submitted', new Date('2027-12-20T01:00:00Z'))] as [Date, Date]
    expect([isProvisional('submitted', published), isProvisional('submitted', reckoned), isProvisional('clarifying', reckoned)]).toEqual([false, true, false])
  })

  it('Golden Week and the New Year are counted over', () => {
    expect([addBusinessDays('2027-04-28', 1), addBusinessDays('2027-04-28', 2), addBusinessDays('2027-12-28', 1), addBusinessDays('2028-02-28', 1)]).toEqual(['2027-04-30', '2027-05-06', '2028-01-04', '2028-02-29'])
  })
})
