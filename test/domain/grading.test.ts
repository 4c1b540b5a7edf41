import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocking, dueDates, grades, risen, type Grade, type JudgedFinding } from '../../server/domain/grading.ts'
import { standard } from '../support/standard.ts'

const clocks = standard.grading.findingGrades
const raisedAt = new Date('2026-11-20T16:30:00Z') // 01:30 on the 21st in Japan

describe('the clocks of a finding', () => {
  it.each<[Grade, Record<string, string>]>([
    ['zero_tolerance', {
      alertDue: '2026-11-21T16:30:00.000Z', protectionPlanDue: '2026-11-23T16:30:00.000Z',
      containmentDue: '2026-11-28T14:59:59.999Z', verifiedDue: '2026-12-21T14:59:59.999Z',
    }],
    ['major', { planDue: '2026-12-05T14:59:59.999Z', evidenceDue: '2027-02-19T14:59:59.999Z', verifiedDue: '2027-03-21T14:59:59.999Z' }],
    ['minor', { planDue: '2026-12-21T14:59:59.999Z', evidenceDue: '2027-05-20T14:59:59.999Z' }],
    ['collaborative', { planDue: '2027-01-20T14:59:59.999Z' }],
    ['observation', {}],
  ])('of %s, raised at half past one on 21 November in Japan', (grade, expected) => {
    const dues = dueDates(grade, raisedAt, clocks)
    expect(Object.fromEntries(Object.entries(dues).map(([name, due]) => [name, due.toISOString()]))).toEqual(expected)
  })

  it('follow the table that is given', () =>
    expect(dueDates('minor', raisedAt, [{ grade: 'minor', planDays: 1 }])).toEqual({ planDue: new Date('2026-11-22T14:59:59.999Z') }))

  it('cannot be told from a table without the grade', () => expect(() => dueDates('major', raisedAt, [])).toThrow('major'))
})

const finding = (grade: Grade, about: Partial<JudgedFinding> = {}): JudgedFinding =>
  ({ id: `${grade} ${about.criterion ?? ''}`, criterion: 'RE-01.1', grade, open: true, planAccepted: true, ...about })
const minors = (count: number, about: Partial<JudgedFinding> = {}) =>
  Array.from({ length: count }, (_, index) => finding('minor', { criterion: `RE-${String(index + 1).padStart(2, '0')}.1`, ...about }))

describe('what stands in the way of a certificate', () => {
  it.each<[string, JudgedFinding[], string[]]>([
    ['nothing found', [], []],
    ['an open zero-tolerance finding', [finding('zero_tolerance')], ['open_zero_tolerance']],
    ['an open major', [finding('major')], ['open_major']],
    ['majors and zero-tolerance findings verified closed', [finding('major', { open: false }), finding('zero_tolerance', { open: false })], []],
    ['six open minors with accepted plans', minors(6), []],
    ['seven open minors with accepted plans', minors(7), ['too_many_minors']],
    ['seven minors of which one is closed', [...minors(6), finding('minor', { criterion: 'RE-09.1', open: false })], []],
    ['one minor without an accepted plan', [finding('minor', { planAccepted: false })], ['minor_without_accepted_plan']],
    ['four open minors in one section', minors(4, { criterion: 'RE-08.1' }), []],
    ['five open minors in one section', minors(5, { criterion: 'RE-08.1' }), ['minors_make_a_major']],
    ['collaborative findings and observations', [finding('collaborative', { planAccepted: false }), finding('observation')], []],
  ])('%s', (_, findings, expected) => expect(blocking(findings).map(({ block }) => block)).toEqual(expected))

  it('names the findings', () =>
    expect(blocking([finding('observation'), finding('major', { id: 'a' }), finding('minor', { id: 'b', planAccepted: false })]))
      .toEqual([{ block: 'open_major', findings: ['a'] }, { block: 'minor_without_accepted_plan', findings: ['b'] }]))

  it('is judged by the decision rule of the standard, which is also the usual one', () => {
    const rule = standard.grading.decisionRule
    for (const count of [0, 1, 6, 7]) expect(blocking(minors(count))).toEqual(blocking(minors(count), rule))
    expect(blocking(minors(2), { ...rule, maxOpenMinor: 1 }).map(({ block }) => block)).toEqual(['too_many_minors'])
  })

  it('never grows less when a finding is added or opened again', () => {
    const any = fc.record({
      id: fc.uuid(), criterion: fc.constantFrom('RE-01.1', 'RE-01.2', 'RE-08.1'), grade: fc.constantFrom(...grades),
      open: fc.boolean(), planAccepted: fc.boolean(),
    })
    fc.assert(fc.property(fc.array(any), any, (findings, one) => {
      const before = blocking(findings).map(({ block }) => block)
      expect(blocking([...findings, one]).map(({ block }) => block)).toEqual(expect.arrayContaining(before))
      expect(blocking(findings.map(each => ({ ...each, open: true }))).map(({ block }) => block)).toEqual(expect.arrayContaining(before))
    }))
  })
})

describe('minors that age or gather become major', () => {
  const minor = (id: string, criterion: string, day: number, over: { open?: boolean; grade?: Grade } = {}) => ({ id, criterion, grade: over.grade ?? 'minor' as Grade, open: over.open ?? true, raisedAt: new Date(Date.UTC(2027, 0, day)) })
  const visitedAt = new Date(Date.UTC(2027, 0, 10))

  it('those still open at the next visit, and no others', () =>
    expect(risen([minor('a', 'RE-01.1', 1), minor('b', 'RE-02.1', 10), minor('c', 'RE-02.1', 11), minor('d', 'RE-03.1', 1, { open: false }), minor('e', 'RE-03.1', 1, { grade: 'major' }), minor('f', 'RE-03.1', 1, { grade: 'observation' })], { visitedAt }))
      .toEqual([{ id: 'a', escalation: 'aged' }, { id: 'b', escalation: 'aged' }]))

  it('of five in one section the newest; four, or five over two sections, stay minor', () => {
    const five = [1, 2, 3, 4, 5].map(day => minor(`m${day}`, `RE-08.${day}`, day))
    expect([risen(five, { visitedAt: null }), risen(five.slice(1), { visitedAt: null }), risen([...five.slice(1), minor('x', 'RE-09.1', 9)], { visitedAt: null })]).toEqual([[{ id: 'm5', escalation: 'gathered' }], [], []])
  })

  it('once: what has become major is no minor any more', () => expect(risen(risen([1, 2, 3, 4, 5].map(day => minor(`m${day}`, 'RE-08.1', day)), { visitedAt: null }).map(({ id }) => minor(id, 'RE-08.1', 5, { grade: 'major' })), { visitedAt })).toEqual([]))
})
