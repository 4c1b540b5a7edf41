import { describe, expect, it } from 'vitest'
import { changeKinds, isReportedLate, reviewBy, reviewOutcomes } from '../../server/domain/changes.ts'

// C15: a report of change is reviewed in set days.
describe('a report of change', () => {
  it('knows four kinds and four results', () => expect([changeKinds, reviewOutcomes]).toEqual([['owner', 'site', 'head_count', 'law_case'], ['no_effect', 'extra_visit', 'scope', 'suspension']]))
  it.each<[string, (typeof changeKinds)[number], string, string]>([
    ['in ten business days', 'owner', '2027-06-01', '2027-06-15'],
    ['a law case in five', 'law_case', '2027-06-01', '2027-06-08'],
    ['over Golden Week', 'site', '2027-04-28', '2027-05-18'],
    ['over the turn of the year', 'law_case', '2026-12-25', '2027-01-07'],
  ])('is reviewed %s', (_, kind, reported, due) => expect(reviewBy(kind, reported)).toBe(due))
  it('is late after thirty days', () => expect(['2027-07-01', '2027-07-02'].map(day => isReportedLate('2027-06-01', day))).toEqual([false, true]))
})
