import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, daysBetween } from '../../server/domain/calendar.ts'
import { complaintDues, complaintState, complaintStates, complaintSteps, complaintStepsFrom, complaintWays, mayTakeComplaintStep, type ComplaintStep } from '../../server/domain/complaints.ts'
import { countRemedies } from '../../server/domain/oversight.ts'
import { readEntry } from '../../server/proof/entry.ts'
import { recount } from '../../server/proof/remedies.ts'
import { canonical } from '../../server/domain/dossier.ts'

const takers = ['operator', 'handler'] as const

describe('the way of a complaint', () => {
  it.each([...complaintWays])('%s — %s, by the %s', (from, step, by) => expect(mayTakeComplaintStep(from, step, [by])).toEqual({ free: true }))

  it('knows no other', () => {
    const free = complaintStates.flatMap(from => complaintSteps.flatMap(step => takers.filter(by => 'free' in mayTakeComplaintStep(from, step, [by])).map(by => `${from} ${step} ${by}`)))
    expect(free.toSorted()).toEqual(complaintWays.map(way => way.join(' ')).toSorted())
    expect(['upheld', 'not_upheld'].flatMap(state => complaintStepsFrom(state as 'upheld', takers))).toEqual([])
    expect(mayTakeComplaintStep('assigned', 'upheld', ['operator'])).toEqual({ refused: 'not_your_step' })
  })

  it('reaches an answer only through an acknowledgement and a handler, and stops there', () => fc.assert(fc.property(fc.array(fc.constantFrom(...complaintSteps), { maxLength: 12 }), asked => {
    const taken: ComplaintStep[] = []
    for (const step of asked) if ('free' in mayTakeComplaintStep(complaintState(taken), step, takers)) taken.push(step)
    const answers = taken.filter(step => step === 'upheld' || step === 'not_upheld')
    expect(answers.length).toBeLessThanOrEqual(1)
    if (answers.length > 0) expect([taken.at(-1), taken.indexOf('acknowledged') < taken.indexOf('assigned'), taken.includes('assigned')]).toEqual([answers[0], true, true])
  })))

  it.each([['2026-12-25', { acknowledgeBy: '2027-01-07', answerBy: '2027-01-24' }], ['2026-04-28', { acknowledgeBy: '2026-05-11', answerBy: '2026-05-28' }]])('filed on %s is due %j, past the holidays', (on, dues) =>
    expect(complaintDues(on, { acknowledgeBusinessDays: 5, firstReplyDays: 30 })).toEqual(dues))
})

describe('the public counts', () => {
  const remedy = fc.record({ filed: fc.nat(400), took: fc.option(fc.nat(90)), upheld: fc.boolean() }).map(({ filed, took, upheld }) => {
    const filedOn = addDays('2026-01-01', filed)
    return { filedOn, answeredOn: took === null ? null : addDays(filedOn, took), upheld }
  })
  it('of nothing say nothing', () => expect(countRemedies([])).toEqual({ received: 0, answered: 0, open: 0, upheld: 0, medianDays: null, longestDays: null }))
  it('count days from filing to answer', () => expect(countRemedies([
    { filedOn: '2026-01-01', answeredOn: '2026-01-11', upheld: true }, { filedOn: '2026-01-01', answeredOn: '2026-01-05', upheld: false }, { filedOn: '2026-01-01', answeredOn: '2026-01-02', upheld: false },
    { filedOn: '2026-01-01', answeredOn: null, upheld: false }])).toEqual({ received: 4, answered: 3, open: 1, upheld: 1, medianDays: 4, longestDays: 10 }))

  it('are the same counted from the lines of the log, in whatever order they came', () => fc.assert(fc.property(fc.array(remedy, { maxLength: 30 }), all => {
    const lines = all.flatMap(({ filedOn, answeredOn, upheld }, nth) => {
      const line = { v: 1, seq: nth, t: '2026-11-24T01:00:00.000Z', case: nth.toString(16).padStart(64, '0') }
      return [{ ...line, on: filedOn, by: 'public', type: 'complaint_filed' }, ...(answeredOn ? [{ ...line, on: answeredOn, by: 'operator', type: 'complaint_answered', outcome: upheld ? 'upheld' : 'not_upheld' }] : [])]
    })
    const entries = lines.toReversed().map(line => readEntry(canonical(line)))
    expect(recount(entries.filter(entry => entry !== undefined))).toEqual({ appeals: countRemedies([]), complaints: countRemedies(all) })
    expect(entries.every(Boolean)).toBe(true)
    for (const { filedOn, answeredOn } of all) if (answeredOn) expect(daysBetween(filedOn, answeredOn)).toBeGreaterThanOrEqual(0)
  })))
})
