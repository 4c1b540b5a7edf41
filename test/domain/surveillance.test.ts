import { describe, expect, it } from 'vitest'
import { nextSurveillance, surveillanceDues } from '../../server/domain/surveillance.ts'
import { standard } from '../support/standard.ts'

const clock = { firstDueMonths: 12, intervalMonths: 12 }
const term = { decidedOn: '2026-11-24', expiresOn: '2029-11-23', clock }

describe('surveillance', () => {
  it('is due by months 12 and 24 of a term of 36 (C14)', () => expect(surveillanceDues(term)).toEqual(['2027-11-24', '2028-11-24']))
  it('counts from the decision, also from a 29 February', () => expect(surveillanceDues({ ...term, decidedOn: '2028-02-29', expiresOn: '2031-02-27' })).toEqual(['2029-02-28', '2030-02-28']))
  it('keeps the clock of the standard', () => expect(standard.grading.surveillance).toMatchObject(clock))
  it.each<[string, number, string, ReturnType<typeof nextSurveillance>]>([
    ['is next after the decision', 0, '2026-11-24', { due: '2027-11-24', overdue: false }],
    ['is not overdue on the day it is due', 0, '2027-11-24', { due: '2027-11-24', overdue: false }],
    ['is overdue the day after', 0, '2027-11-25', { due: '2027-11-24', overdue: true }],
    ['stays the next one until it was held', 0, '2029-01-01', { due: '2027-11-24', overdue: true }],
    ['moves on when one was held', 1, '2027-06-01', { due: '2028-11-24', overdue: false }],
    ['leaves only the renewal', 2, '2028-12-01', null],
  ])('%s', (_, held, today, expected) => expect(nextSurveillance(term, { held, today })).toEqual(expected))
  it('of a standard without an interval does not run for ever', () => expect(surveillanceDues({ ...term, clock: { firstDueMonths: 0, intervalMonths: 0 } }).length).toBeLessThan(100))
})
