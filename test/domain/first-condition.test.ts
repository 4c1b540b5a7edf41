import { describe, expect, it } from 'vitest'
import { longestCondition, mayCertifyUnder } from '../../server/domain/first-condition.ts'

const today = '2026-11-24', one = { text: '寮の非常灯を直す', until: '2027-01-31' }

describe('a condition at the first decision', () => {
  it.each([
    ['none', null, null, null],
    ['one with a day to come', one, null, null],
    ['one that is due today', { ...one, until: today }, null, 'condition_until'],
    ['one that was due yesterday', { ...one, until: '2026-11-23' }, null, 'condition_until'],
    ['one due tomorrow', { ...one, until: '2026-11-25' }, null, null],
    ['one due on the last day allowed', { ...one, until: '2027-11-24' }, null, null],
    ['one that outlives the first surveillance', { ...one, until: '2027-11-25' }, null, 'condition_until'],
    ['the one under which the first signed', one, one, null],
    ['none, where the first signed under one', null, one, 'condition_as_signed'],
    ['other words than the first signed', { ...one, text: '別の条件' }, one, 'condition_as_signed'],
    ['another day than the first signed', { ...one, until: '2027-02-28' }, one, 'condition_as_signed'],
  ])('%s', (_, condition, signed, missing) => expect(mayCertifyUnder(condition, signed, today)).toEqual(missing && { refused: 'needs', missing: [missing] }))

  it('counts months by the calendar', () => expect(longestCondition('2027-02-28')).toBe('2028-02-28'))
})
