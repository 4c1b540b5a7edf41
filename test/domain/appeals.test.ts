import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appealable, appealMatters, appealOutcomes, appealStates, decideBy, fileUntil, lowerGrades, mayDecideAppeal, mayFile, undoneBy, type Filing } from '../../server/domain/appeals.ts'
import { grades } from '../../server/domain/grading.ts'
import { mayHandle } from '../../server/domain/independence.ts'
import { endStages, stages, stagesAppealedFrom } from '../../server/domain/lifecycle.ts'
import { standingChanges } from '../../server/domain/standing-changes.ts'

const days = { fileWithinDays: 30, decideWithinDays: 60 }
const decidedAt = new Date('2026-11-24T01:00:00Z')
const refusal: Filing = { isClient: true, decidedAt, alreadyFiled: false, stage: 'refused', matter: 'refused' }
const finding: Filing = { ...refusal, matter: 'graded', stage: 'correcting', grade: 'major' }

describe('the time for an appeal', () => {
  it.each([
    ['the hour of the decision', '2026-11-24T01:00:00.000Z', true],
    ['the first second of day 30 in Japan', '2026-12-23T15:00:00.000Z', true],
    ['the last second of day 30 in Japan', '2026-12-24T14:59:59.000Z', true],
    ['the last millisecond of it', '2026-12-24T14:59:59.999Z', true],
    ['the first of day 31', '2026-12-24T15:00:00.000Z', false],
    ['day 30 as London has it', '2026-12-24T23:00:00.000Z', false],
  ])('%s: %s', (_, now, inTime) => expect(mayFile(refusal, new Date(now), days)).toEqual(inTime ? { free: true } : { refused: 'appeal_too_late' }))

  it.each([
    ['just after midnight in Japan, the day before in London', '2026-11-23T15:00:00Z', '2026-12-24T14:59:59.999Z'],
    ['just before midnight in Japan', '2026-11-24T14:59:59Z', '2026-12-24T14:59:59.999Z'],
    ['over the end of the year', '2026-12-20T01:00:00Z', '2027-01-19T14:59:59.999Z'],
    ['over a February', '2027-01-31T01:00:00Z', '2027-03-02T14:59:59.999Z'],
  ])('ends with a day, decided %s', (_, at, until) => expect(fileUntil(new Date(at), days).toISOString()).toBe(until))

  it('leaves 60 days for the answer', () => expect([decideBy(decidedAt, days), decideBy(new Date('2026-12-24T14:59:59.999Z'), days)]).toEqual(['2027-01-23', '2027-02-22']))
})

describe('who may appeal against what', () => {
  const now = new Date('2026-12-01T00:00:00Z')
  it.each<[string, Filing, string]>([
    ['somebody else’s decision', { ...refusal, isClient: false }, 'not_your_step'],
    ['what was appealed against before', { ...refusal, alreadyFiled: true }, 'already_exists'],
    ['a refusal that is being decided anew', { ...refusal, stage: 'awaiting_decision' }, 'no_such_step'],
    ['an observation', { ...finding, grade: 'observation' }, 'closed_for_changes'],
    ['a collaborative finding', { ...finding, grade: 'collaborative' }, 'closed_for_changes'],
    ['a finding that another replaced', { ...finding, superseded: true }, 'closed_for_changes'],
    ['a finding of a file that is sealed', { ...finding, stage: 'awaiting_decision' }, 'closed_for_changes'],
  ])('nobody against %s', (_, filing, refused) => expect(mayFile(filing, now, days)).toEqual({ refused }))

  it('a refusal at its end, and nothing else is undone from an end', () => {
    expect(stages.filter(stage => 'free' in mayFile({ ...refusal, stage }, now, days))).toEqual(['refused'])
    expect([stagesAppealedFrom, endStages.includes('refused')]).toEqual([['refused'], true])
  })
  it.each([...appealable])('%s, about a %s, is undone by %s', (matter, _, by) => expect(undoneBy(matter)).toBe(by))
  it('each change that undoes another is a row of the table of changes', () =>
    expect(appealMatters.map(undoneBy).filter(by => by !== 'reopen' && by !== 'graded' && !standingChanges.some(([change, , actor]) => change === by && actor === 'appeal'))).toEqual([]))
})

describe('the answer', () => {
  const ready = { state: 'assigned', isHandler: true, outcome: 'upheld', matter: 'refused' } as const
  it('is given once, by the one who handles it', () => {
    const all = appealStates.flatMap(state => [true, false].flatMap(isHandler => appealOutcomes.map(outcome => ({ state, isHandler, outcome, answer: mayDecideAppeal({ ...ready, state, isHandler, outcome }) }))))
    expect(all.filter(({ answer }) => 'free' in answer).map(({ state, isHandler }) => [state, isHandler])).toEqual([['assigned', true], ['assigned', true]])
    expect(all.filter(({ state }) => state === 'upheld' || state === 'rejected').every(({ answer }) => 'refused' in answer && answer.refused === 'already_decided')).toBe(true)
  })
  it.each([['zero_tolerance', ['major', 'minor', 'observation']], ['major', ['minor', 'observation']], ['minor', ['observation']], ['observation', []], ['collaborative', []]] as const)('makes of %s only %j', (grade, milder) => {
    expect(lowerGrades(grade)).toEqual(milder)
    expect(grades.filter(newGrade => 'free' in mayDecideAppeal({ ...ready, matter: 'graded', grade, newGrade }))).toEqual(milder)
  })
  it('says no grade when it is rejected', () => expect(mayDecideAppeal({ ...ready, matter: 'graded', outcome: 'rejected', grade: 'major' })).toEqual({ free: true }))
})

describe('who handles', () => {
  const hands = ['desk_reviewer', 'auditor', 'interpreter', 'adviser', 'seller', 'screener', 'client', 'sponsor', 'overturned', 'appeal_handler', 'decider', 'tied'] as const
  it('only who had no hand in it at all', () => fc.assert(fc.property(fc.subarray([...hands]), held => {
    expect(mayHandle(held)).toEqual(held.length === 0 ? { independent: true } : { refused: 'not_independent', missing: held })
  })))
})
