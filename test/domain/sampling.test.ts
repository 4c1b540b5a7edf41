import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interviewSample, readInterviewRule, readLeastInterviews } from '../../server/domain/sampling.ts'
import { standard } from '../support/standard.ts'

const tables = {
  foreignWorkerInterviews: standard.interviewSampling.foreignWorkerInterviews,
  amforiBsciComparison: standard.auditEffort.amforiBsciComparison,
}
const people = (...counts: number[]) => counts.map((count, index) => ({ nationality: `N${index}`, people: count }))
const sample = (workers: number, ...counts: number[]) => interviewSample({ workers, populations: people(...counts) }, tables)

describe('the interview sample', () => {
  it.each([
    ['no foreign worker', 8, [], 0],
    ['one of eight', 8, [1], 1],
    ['all five', 12, [5], 5],
    ['five of six from one country', 30, [6], 5],
    ['six of one country and two single people: five and the two', 30, [6, 1, 1], 7],
    ['seven in small groups: all, not more', 30, [2, 2, 2, 1], 7],
    ['twelve in a shop of twelve', 12, [9, 3], 8],
    ['twelve among a hundred: the amfori row is larger', 100, [12], 10],
    ['eight among a hundred: never more than there are', 100, [8], 8],
    ['eleven nationalities, one of each at least', 40, [2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1], 11],
    ['fifty', 50, [50], 10],
    ['a hundred', 100, [100], 15],
    ['250', 250, [250], 20],
    ['251 begin a step', 255, [251], 21],
    ['300: two steps', 300, [300], 22],
    ['1300 workers: more than 30 by amfori', 1300, [40], 31],
  ])('%s', (_, workers, counts, total) => expect(sample(workers, ...counts).total).toBe(total))

  it('explains itself with the rows it used', () => expect(sample(100, 10, 2)).toEqual({
    total: 10, oneToOne: 6, inGroups: 4, groups: 1, japanesePeers: 2, workerRepresentative: 1, foreignWorkers: 12,
    reasons: { table: 8, amfori: 10, nationalities: 2 },
    rows: { table: { foreignWorkers: '11-25', interviews: 8 }, amfori: { workers: '51-250', manDays: 3, interviews: '10-15' } },
  }))

  it('adds up the rows of one nationality, whatever their residence status', () => {
    const populations = [{ nationality: 'VNM', people: 2 }, { nationality: 'VNM', people: 4 }, { nationality: 'NPL', people: 2 }]
    expect(interviewSample({ workers: 20, populations }, tables).total).toBe(7)
  })

  const count = fc.integer({ min: 0, max: 400 })
  it('never shrinks when more people of the one nationality, or more workers in all, are there', () =>
    fc.assert(fc.property(count, count, count, count, (foreign, more, workers, moreWorkers) => {
      const before = sample(workers, foreign).total
      expect(sample(workers + moreWorkers, foreign + more).total).toBeGreaterThanOrEqual(before)
    })))

  it('hears at least 60 % alone, leaves nobody over, and makes no group of one or two', () =>
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }), count, (counts, workers) => {
      const { total, oneToOne, inGroups, groups, foreignWorkers } = sample(workers, ...counts)
      expect(oneToOne + inGroups).toBe(total)
      expect(oneToOne).toBeGreaterThanOrEqual(0.6 * total)
      expect(inGroups).toBeGreaterThanOrEqual(3 * groups)
      expect(inGroups).toBeLessThanOrEqual(5 * groups)
      expect(total).toBeLessThanOrEqual(foreignWorkers)
      expect(total).toBeGreaterThanOrEqual(Math.min(counts.length, foreignWorkers))
    })))
})

describe('the cells of the table', () => {
  it.each([
    ['all', { all: true }],
    [8, { base: 8, wholeNationalityUpTo: 0, per: Infinity, above: 0 }],
    ['5 + all of any nationality with <= 2 people', { base: 5, wholeNationalityUpTo: 2, per: Infinity, above: 0 }],
    ['20 + 1 per 25 above 250', { base: 20, wholeNationalityUpTo: 0, per: 25, above: 250 }],
  ])('%s is read', (cell, rule) => expect(readInterviewRule(cell)).toEqual(rule))

  it.each(['many', '5 + some', '20 + 2 per 25 above 250', '', '-1'])('%j is refused', cell =>
    expect(() => readInterviewRule(cell)).toThrow(RangeError))
  it.each([['5-10', 5], ['>30', 31], ['7', 7]])('%s asks for %i at least', (cell, least) => expect(readLeastInterviews(cell)).toBe(least))
  it('refuses what is no number of interviews', () => expect(() => readLeastInterviews('some')).toThrow(RangeError))
})
