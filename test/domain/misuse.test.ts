import { describe, expect, it } from 'vitest'
import { mayTake, misuseDues, misuseState, misuseStates, misuseSteps, stepsFrom, type MisuseStep } from '../../server/domain/misuse.ts'

describe('a report of misuse', () => {
  it.each<[MisuseStep[], string]>([
    [[], 'new'], [['note'], 'new'], [['taken_up'], 'taken_up'], [['taken_up', 'note'], 'taken_up'],
    [['taken_up', 'founded'], 'founded'], [['taken_up', 'unfounded', 'note'], 'unfounded'], [['taken_up', 'unfounded', 'taken_up'], 'taken_up'],
  ])('after %j is %s', (steps, state) => expect(misuseState(steps)).toBe(state))

  it('goes these ways and no other', () => {
    const table = Object.fromEntries(misuseStates.map(state => [state, misuseSteps.filter(step => 'free' in mayTake(state, step))]))
    expect(table).toEqual({ new: ['taken_up', 'note'], taken_up: ['note', 'founded', 'unfounded'], founded: ['taken_up', 'note'], unfounded: ['taken_up', 'note'] })
    expect([mayTake('new', 'founded'), stepsFrom('new')]).toEqual([{ refused: 'no_such_step' }, ['taken_up', 'note']])
  })

  it('is taken up within business days and answered within days', () =>
    expect(misuseDues('2026-12-28', { acknowledgeBusinessDays: 5, firstReplyDays: 30 })).toEqual({ takenUpBy: '2027-01-08', answeredBy: '2027-01-27' }))
})
