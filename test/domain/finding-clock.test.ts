import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Duty } from '../../server/domain/duties.ts'
import { grace_days, isHeld, missedOf, withHolds, type Hold } from '../../server/domain/finding-clock.ts'
import { grades } from '../../server/domain/grading.ts'

const at = (text: string) => new Date(`${text}+09:00`)
const inJapan = (when: Date) => when.toLocaleString('sv-SE', { timeZone: 'Asia/Tokyo' })
const hold = (from: string, until: string | null): Hold => ({ from: at(from), until: until ? at(until) : null })
const duty = (over: Partial<Duty> = {}): Duty => ({ what: 'evidence', who: 'applicant', at: at('2027-02-28T23:59:59.999'), met: false, waits: true, ...over })

describe('how far the clock goes about a missed date', () => {
  it.each([
    ['2027-02-28T23:59:59.999', []], ['2027-03-01T00:00:00', ['warned']], ['2027-03-07T23:59:59.999', ['warned']], ['2027-03-08T00:00:00', ['suspended']],
  ])('a major due at the end of February, at %s: %j', (now, steps) => expect(missedOf('major', [duty()], { held: false, now: at(now) }).map(({ step }) => step)).toEqual(steps))

  it('counts the grace over a leap day and the end of a year', () => {
    const until = (grade: 'major' | 'minor', due: string) => inJapan(missedOf(grade, [duty({ at: at(due) })], { held: false, now: at('2030-01-01T00:00:00') })[0]?.suspendsAfter ?? new Date(0))
    expect([until('major', '2028-02-25T23:59:59.999'), until('minor', '2027-12-25T23:59:59.999')]).toEqual(['2028-03-03 23:59:59', '2028-01-08 23:59:59'])
  })

  it('asks only the employer, only for what waits, and of no observation and no joint finding', () => {
    const late = { held: false, now: at('2028-01-01T00:00:00') }
    for (const over of [{ who: 'assessor' }, { waits: false }, { what: 'alert' }, { what: 'effectiveness' }] as Partial<Duty>[]) expect(missedOf('major', [duty(over)], late)).toEqual([])
    expect(grades.filter(grade => missedOf(grade, [duty()], late).length > 0)).toEqual(['zero_tolerance', 'major', 'minor'])
    expect(grace_days).toEqual({ zero_tolerance: 0, major: 7, minor: 14 })
  })
})

describe('an appeal holds the clock', () => {
  it('while it is open, whenever it was filed', () =>
    expect([isHeld([hold('2027-03-05T10:00:00', null)]), isHeld([hold('2027-03-05T10:00:00', '2027-03-06T10:00:00')]), missedOf('zero_tolerance', [duty()], { held: true, now: at('2027-06-01T00:00:00') })]).toEqual([true, false, []]))

  it.each([
    ['filed in time, ten days', [hold('2027-02-20T10:00:00', '2027-03-02T09:00:00')], '2027-03-10 23:59:59'],
    ['filed in the last millisecond', [hold('2027-02-28T23:59:59.999', '2027-03-01T00:00:00')], '2027-03-01 23:59:59'],
    ['filed too late to mend what was missed', [hold('2027-03-01T00:00:00', '2027-03-20T00:00:00')], '2027-02-28 23:59:59'],
    ['answered the same day', [hold('2027-02-20T10:00:00', '2027-02-20T23:00:00')], '2027-02-28 23:59:59'],
  ])('then adds its days: %s', (_, holds, due) => expect(inJapan(withHolds(duty().at, holds))).toBe(due))

  it('never makes a date earlier', () => fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 1e10 }), fc.integer({ min: 0, max: 1e9 }))), pairs => {
    const holds = pairs.map(([from, length]) => ({ from: new Date(from), until: new Date(from + length) }))
    return withHolds(duty().at, holds) >= duty().at
  })))
})
