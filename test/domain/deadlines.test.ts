import { describe, expect, it } from 'vitest'
import { dueFor, dueSoon, isOverdue, periods, promiseFor } from '../../server/domain/deadlines.ts'
import { endStages, isOpen, moveOf, stages, type Stage } from '../../server/domain/lifecycle.ts'

const since = new Date('2026-11-20T03:00:00Z') // noon on Friday 20 November in Japan
const endOf = (date: string) => new Date(`${date}T23:59:59.999+09:00`)

describe('whose move it is and until when', () => {
  it.each<[Stage, string, string, string]>([
    ['submitted', 'screening', 'operator', '2026-12-07'],          // 10 business days, the 23rd being a holiday
    ['accepted', 'start_of_review', 'assessor', '2026-11-30'],
    ['desk_review', 'desk_review', 'assessor', '2026-12-21'],
    ['clarifying', 'clarification', 'applicant', '2026-12-04'],
    ['visit_planned', 'visit', 'assessor', '2026-12-20'],
    ['correcting', 'report', 'assessor', '2026-12-04'],
    ['awaiting_decision', 'decision', 'decision_maker', '2026-12-14'],
  ])('%s: the %s is the move of the %s until the end of %s', (stage, period, mover, date) => {
    expect(promiseFor(stage, since)).toEqual({ period, mover, at: endOf(date) })
    expect(dueFor(stage, since)).toEqual(endOf(date))
  })

  it('promises something for every open stage that waits for the scheme', () => {
    const waiting = stages.filter(stage => isOpen(stage) && moveOf(stage) !== 'applicant')
    expect(waiting.filter(stage => dueFor(stage, since) === null)).toEqual([])
  })

  it.each(['draft', 'returned', ...endStages] as Stage[])('promises nothing for %s', stage => expect(dueFor(stage, since)).toBeNull())

  it('names each stage once', () => expect(new Set(periods.map(([stage]) => stage)).size).toBe(periods.length))

  it('counts the report from the last day on site', () =>
    expect(promiseFor('visit_planned', since, { visitEndsOn: '2026-12-11' }))
      .toEqual({ period: 'report', mover: 'assessor', at: endOf('2026-12-25') }))

  it('gives corrections the earliest clock of their findings', () =>
    expect(promiseFor('correcting', since, { findingDues: [endOf('2027-02-18'), endOf('2026-12-04'), endOf('2027-01-01')] }))
      .toEqual({ period: 'correction', mover: 'applicant', at: endOf('2026-12-04') }))
})

describe('late and nearly late', () => {
  const due = endOf('2026-12-04')
  it.each([['2026-12-04T23:59:59.999+09:00', false], ['2026-12-05T00:00:00+09:00', true]])('at %s it is overdue: %s', (now, late) =>
    expect(isOverdue(due, new Date(now))).toBe(late))

  it.each([
    ['2026-11-26T23:59:00+09:00', null], ['2026-11-27T00:00:00+09:00', 7], ['2026-12-02T12:00:00+09:00', 7],
    ['2026-12-03T00:00:00+09:00', 1], ['2026-12-04T22:00:00+09:00', 1], ['2026-12-05T00:00:00+09:00', null],
  ])('at %s the reminder in place is %s', (now, days) => expect(dueSoon(due, new Date(now))).toBe(days))
})
