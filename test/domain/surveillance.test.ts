import { describe, expect, it } from 'vitest'
import { mayHaveBeenHeld, mayPlan, nextSurveillance, surveillanceDues, unannouncedBy, unannouncedWarning, unmetSurveillances } from '../../server/domain/surveillance.ts'
import { standard } from '../support/standard.ts'

const clock = { firstDueMonths: 12, intervalMonths: 12 }
const term = { decidedOn: '2026-11-24', expiresOn: '2029-11-23', clock }

describe('surveillance', () => {
  it('is due by months 12 and 24 of a term of 36 (C14)', () => expect(surveillanceDues(term)).toEqual(['2027-11-24', '2028-11-24']))
  it('counts from the decision, also from a 29 February', () => expect(surveillanceDues({ ...term, decidedOn: '2028-02-29', expiresOn: '2031-02-27' })).toEqual(['2029-02-28', '2030-02-28']))
  it('keeps the clock of the standard', () => expect(standard.grading.surveillance).toMatchObject(clock))
  it.each<[string, string[], string, ReturnType<typeof nextSurveillance>]>([
    ['is next after the decision', [], '2026-11-24', { due: '2027-11-24', overdue: false }],
    ['is not overdue on the day it is due', [], '2027-11-24', { due: '2027-11-24', overdue: false }],
    ['is overdue the day after', [], '2027-11-25', { due: '2027-11-24', overdue: true }],
    ['stays the next one until it was held', [], '2029-01-01', { due: '2027-11-24', overdue: true }],
    ['moves on when one was held', ['2027-05-01'], '2027-06-01', { due: '2028-11-24', overdue: false }],
    ['leaves only the renewal', ['2027-05-01', '2028-11-24'], '2028-12-01', null],
  ])('%s', (_, held, today, expected) => expect(nextSurveillance(term, { held, today })).toEqual(expected))
  it('of a standard without an interval does not run for ever', () => expect(surveillanceDues({ ...term, clock: { firstDueMonths: 0, intervalMonths: 0 } }).length).toBeLessThan(100))
})

describe('a visit meets a due', () => {
  it.each<[string, string[], string[]]>([
    ['the first that is open', ['2027-06-01'], ['2028-11-24']],
    ['once, though two were held before it', ['2027-03-01', '2027-11-24'], ['2028-11-24']],
    ['that it comes too late for', ['2028-01-10'], ['2028-11-24']],
    ['and a late one does not meet the next as well', ['2028-12-01'], ['2028-11-24']],
    ['two late ones meet both', ['2028-01-10', '2028-02-01'], []],
    ['in whatever order they were told', ['2028-06-01', '2027-06-01'], []],
  ])('%s', (_, held, unmet) => expect(unmetSurveillances(term, held)).toEqual(unmet))
})

describe('one visit of a cycle comes without notice', () => {
  const plan = { term, least: 1, unannounced: 0, kind: 'announced' as const, on: '2028-11-01', today: '2028-10-01', held: ['2027-11-01'] }
  it('by the last surveillance', () => expect([unannouncedBy({ term, least: 1, unannounced: 0 }), unannouncedBy({ term, least: 1, unannounced: 1 })]).toEqual(['2028-11-24', null]))
  it('which the secretariat hears 180, 60 and 14 days before', () => expect(['2028-05-27', '2028-05-28', '2028-09-25', '2028-11-10', '2028-11-24', '2028-11-25'].map(day => unannouncedWarning('2028-11-24', day))).toEqual([null, 180, 60, 14, 14, null]))
  it('so that the last visit cannot be announced', () => expect(mayPlan(plan)).toEqual({ refused: 'needs', missing: ['unannounced_visit'] }))
  it('but without notice it can, or announced when one was there or an earlier one is meant', () => expect([mayPlan({ ...plan, kind: 'unannounced' }), mayPlan({ ...plan, unannounced: 1 }), mayPlan({ ...plan, held: [] })]).toEqual([null, null, null]))
  it('is planned from today to the end of the term', () => expect(['2028-09-30', '2028-10-01', '2029-11-23', '2029-11-24'].map(on => mayPlan({ ...plan, kind: 'unannounced', on })?.missing ?? null)).toEqual([['visit_day_ahead'], null, null, ['visit_day_ahead']]))
  it('is told of as held from its day to today, never before the decision', () => {
    expect(['2027-10-31', '2027-11-01', '2028-10-01', '2028-10-02'].map(on => mayHaveBeenHeld(on, { decidedOn: term.decidedOn, plannedOn: '2027-11-01', today: '2028-10-01' })?.missing ?? null)).toEqual([['visit_day_past'], null, null, ['visit_day_past']])
    expect(mayHaveBeenHeld('2026-11-23', { decidedOn: term.decidedOn, plannedOn: '2026-11-20', today: '2028-10-01' })?.missing).toEqual(['visit_day_past'])
  })
})
