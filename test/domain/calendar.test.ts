import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addBusinessDays, addDays, addMonths, daysBetween, endOfDay, isBusinessDay, isCalendarDate, japanDate, weekday,
} from '../../server/domain/calendar.ts'

const day = fc.date({ min: new Date('2022-01-01'), max: new Date('2099-06-30'), noInvalidDate: true })
  .map(date => date.toISOString().slice(0, 10))

describe('a day in Japan', () => {
  it.each([
    ['2026-11-20T14:59:59.999Z', '2026-11-20'],
    ['2026-11-20T15:00:00.000Z', '2026-11-21'],
    ['2026-12-31T15:00:00Z', '2027-01-01'],
  ])('%s is %s', (instant, date) => expect(japanDate(new Date(instant))).toBe(date))

  it('ends one millisecond before the next one begins', () => {
    expect(endOfDay('2026-11-21').toISOString()).toBe('2026-11-21T14:59:59.999Z')
    fc.assert(fc.property(day, date => {
      expect(japanDate(endOfDay(date))).toBe(date)
      expect(japanDate(new Date(endOfDay(date).getTime() + 1))).toBe(addDays(date, 1))
    }))
  })

  it.each([
    ['2026-02-30', false], ['2028-02-29', true], ['2027-02-29', false], ['2026-13-01', false],
    ['２０２６-01-01', false], ['2026-1-1', false], ['', false],
  ])(
    'knows whether %s exists: %s', (text, exists) => expect(isCalendarDate(text)).toBe(exists))

  it('refuses to reckon with what is no date', () => {
    expect(() => addDays('2026-02-30x', 1)).toThrow(RangeError)
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError)
  })
})

describe('reckoning', () => {
  it.each([
    ['2027-01-31', 1, '2027-02-28'], ['2028-01-31', 1, '2028-02-29'], ['2027-01-31', 36, '2030-01-31'],
    ['2028-02-29', 12, '2029-02-28'], ['2027-12-15', 1, '2028-01-15'], ['2027-03-31', -1, '2027-02-28'],
  ])('%s and %i months is %s', (from, months, to) => expect(addMonths(from, months)).toBe(to))

  it('goes back as it went', () => fc.assert(fc.property(day, fc.integer({ min: -4000, max: 4000 }), (date, days) => {
    expect(addDays(addDays(date, days), -days)).toBe(date)
    expect(daysBetween(date, addDays(date, days))).toBe(days)
    expect(weekday(addDays(date, 7))).toBe(weekday(date))
  })))
})

describe('business days', () => {
  it.each([
    ['2026-11-21', false, 'Saturday'], ['2026-11-23', false, 'Labour Thanksgiving Day'], ['2026-11-24', true, 'Tuesday'],
    ['2026-09-22', false, "citizens' holiday"], ['2026-12-28', true, 'last working day'], ['2026-12-29', false, 'offices closed'],
    ['2027-01-03', false, 'offices closed'], ['2027-01-04', true, 'first working day'],
  ])('%s: %s (%s)', (date, works) => expect(isBusinessDay(date)).toBe(works))

  it.each([
    ['2026-11-20', 10, '2026-12-07'], // a Friday; Monday the 23rd is a holiday
    ['2026-12-25', 5, '2027-01-07'],  // over the New Year
    ['2026-09-18', 1, '2026-09-24'],  // five days off in a row
    ['2026-11-21', 0, '2026-11-21'],
  ])('%s and %i business days is %s', (from, days, to) => expect(addBusinessDays(from, days)).toBe(to))

  it('lands on a business day with exactly so many business days passed', () =>
    fc.assert(fc.property(day, fc.integer({ min: 1, max: 40 }), (from, days) => {
      const to = addBusinessDays(from, days)
      const passed = Array.from({ length: daysBetween(from, to) }, (_, index) => addDays(from, index + 1)).filter(isBusinessDay)
      expect([isBusinessDay(to), passed.length]).toEqual([true, days])
    }), { numRuns: 50 }))
})
