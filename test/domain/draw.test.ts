import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coverage, drawInterviews, numbersFrom, sexes, shifts, type Group } from '../../server/domain/draw.ts'
import { standard } from '../support/standard.ts'

const tables = { foreignWorkerInterviews: standard.interviewSampling.foreignWorkerInterviews, amforiBsciComparison: standard.auditEffort.amforiBsciComparison }
const seed = '0123456789abcdef0123456789abcdef'
const group = (change: Partial<Group>): Group => ({ nationality: 'VN', programme: 'technical_intern', shift: 'day', sex: 'female', dormitory: 'a', people: 1, ...change })
const draw = (groups: Group[], from = seed, { workers = 12, atLeast = 0 } = {}) => drawInterviews(groups, from, { workers, atLeast, tables })

describe('the numbers', () => {
  it('are those of the published generator', () => {
    const next = numbersFrom('00000001000000020000000300000004')
    expect(Array.from({ length: 10 }, next)).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804])
  })

  it.each(['', '0'.repeat(32), 'G'.repeat(32), '1'.repeat(31)])('begin from no such seed: %j', bad => expect(() => numbersFrom(bad)).toThrow(RangeError))
})

describe('a draw', () => {
  const groups = [group({ people: 9 }), group({ sex: 'male', people: 6 }), group({ nationality: 'NP', programme: 'specified_skilled_1', shift: 'night', dormitory: 'b', people: 3 }), group({ nationality: 'MM', sex: 'male', people: 2 })]

  it('takes as many as the table says: 20 people, 8', () => expect([draw(groups).size, draw(groups).drawn.length]).toEqual([8, 8]))
  it('takes what the plan asks for, when that is more', () => expect(draw(groups, seed, { workers: 12, atLeast: 11 }).size).toBe(11))
  it('takes all five of a small firm', () => expect(draw([group({ people: 5 })]).drawn.map(({ place }) => place)).toEqual([1, 2, 3, 4, 5]))
  it('hears everybody of a nationality of one or two among six to ten', () => {
    const { drawn, size } = draw([group({ people: 7 }), group({ nationality: 'NP', people: 2 })])
    expect([size, drawn.filter(({ nationality }) => nationality === 'NP').map(({ because }) => because)]).toEqual([7, ['small_nationality', 'small_nationality']])
  })

  it('gives the same people from the same seed, and others from another', () => {
    expect(draw(groups)).toEqual(draw(groups))
    const places = Array.from({ length: 40 }, (_, nth) => draw(groups, (nth + 1).toString(16).padStart(32, '7')).drawn.map(({ place }) => place).join())
    expect(new Set(places).size).toBeGreaterThan(30)
  })

  it('is fair: nobody alike is drawn much more often than another', () => {
    const times = Array.from({ length: 12 }, () => 0)
    for (let nth = 1; nth <= 2000; nth += 1) for (const { place } of draw([group({ people: 12 })], createHash('md5').update(String(nth)).digest('hex')).drawn) times[place - 1] = (times[place - 1] ?? 0) + 1
    for (const count of times) expect(Math.abs(count - 2000 * 8 / 12)).toBeLessThan(120)
  })

  it('covers what it can, and says what it could not', () => {
    const many = Array.from({ length: 30 }, (_, nth) => group({ dormitory: `d${nth}`, people: 1 }))
    const { size, drawn, uncovered } = draw(many, seed, { workers: 40, atLeast: 0 })
    expect([size, drawn.length, uncovered.length]).toEqual([10, 10, 20])
    expect(uncovered.every(({ aspect, value }) => aspect === 'dormitory' && drawn.every(({ dormitory }) => dormitory !== value))).toBe(true)
  })

  const anyGroup = fc.record({ nationality: fc.constantFrom('VN', 'NP', 'MM', 'ID'), programme: fc.constantFrom('technical_intern', 'student'), shift: fc.constantFrom(...shifts), sex: fc.constantFrom(...sexes), dormitory: fc.constantFrom('a', 'b', 'elsewhere'), people: fc.integer({ min: 1, max: 12 }) })
  const anySeed = fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }).map(number => number.toString(16).padStart(32, '0'))

  it('has for any firm: the right size, nobody twice, only who exists, and uncovered exactly what nobody drawn has', () => {
    fc.assert(fc.property(fc.array(anyGroup, { minLength: 1, maxLength: 12 }), anySeed, fc.integer({ min: 0, max: 40 }), (groups, from, atLeast) => {
      const people = groups.reduce((sum, { people }) => sum + people, 0)
      const { size, drawn, uncovered } = draw(groups, from, { workers: people + 3, atLeast })
      expect(drawn.length).toBe(size)
      expect(size).toBeGreaterThanOrEqual(Math.min(people, atLeast))
      expect(new Set(drawn.map(({ place }) => place)).size).toBe(size)
      for (const { place, group, nth } of drawn) expect([place, nth <= (groups[group - 1]?.people ?? 0)]).toEqual([groups.slice(0, group - 1).reduce((sum, { people }) => sum + people, 0) + nth, true])
      for (const aspect of coverage) {
        const missed = [...new Set(groups.map(one => one[aspect]))].filter(value => !drawn.some(person => person[aspect] === value))
        expect(uncovered.filter(one => one.aspect === aspect).map(({ value }) => value).sort()).toEqual(missed.sort())
      }
      if (uncovered.length > 0) expect(drawn.every(({ because }) => because !== 'random')).toBe(true) // nobody by lot while something is uncovered
    }))
  })
})
