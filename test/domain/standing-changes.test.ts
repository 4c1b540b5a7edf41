import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesFrom, decidedChanges, mayChange, standingChanges, type ChangeNeed, type Given } from '../../server/domain/standing-changes.ts'
import { standings } from '../../server/domain/standing.ts'
import { warningFor } from '../../server/domain/surveillance.ts'

const today = '2026-11-24'
const actors = ['decision_maker', 'applicant', 'clock', 'operator', 'appeal'] as const
const names = [...new Set<string>(standingChanges.map(([change]) => change)), 'issued', 'replaced', 'reissued', 'prolonged', 'expired']
// Everything that a form can say; the two about an open condition exclude each other.
const full = (by: string, openCondition = false): Given => ({ reasonClass: by === 'clock' ? 'overdue' : 'nonconformity', until: '2027-05-24', condition: '寮の鍵を直す', sites: { leaving: 1, workplacesLeft: 1 }, openCondition, today })
const empty: Record<ChangeNeed, Partial<Given>> = {
  reason_class: { reasonClass: null }, overdue: { reasonClass: 'nonconformity' }, until_day: { until: today }, condition_text: { condition: ' ' }, sites_leaving: { sites: { leaving: 0, workplacesLeft: 1 } },
  open_condition: { openCondition: false }, no_open_condition: { openCondition: true },
}
type Actor = (typeof standingChanges)[number][2]
const may = (from: (typeof standings)[number], change: string, by: string, given: Given) => mayChange(from, change, by as Actor, given)

describe('the table of changes', () => {
  it.each(standingChanges.flatMap(([change, froms, by, needs]) => froms.map(from => [from, change, by, needs as readonly ChangeNeed[]] as const)))('%s — %s, by %s, needing %j', (from, change, by, needs) => {
    const given = full(by, needs.includes('open_condition'))
    expect(may(from, change, by, given)).toBe(null)
    for (const need of needs) expect(may(from, change, by, { ...given, ...empty[need] })).toEqual(need === 'overdue' ? { refused: 'no_such_step' } : { refused: 'needs', missing: [need] })
  })

  it('allows nothing that is not in it', () => {
    const all = standings.flatMap(from => actors.flatMap(by => names.map(change => ({ from, by, change }))))
    const outside = all.filter(({ from, by, change }) => !standingChanges.some(([name, froms, actor]) => name === change && actor === by && froms.some(one => one === from)))
    expect([all.length - outside.length, outside.length > 400]).toEqual([standingChanges.reduce((sum, [, froms]) => sum + froms.length, 0), true])
    expect(outside.filter(({ from, by, change }) => [true, false].some(open => may(from, change, by, full(by, open))?.refused !== 'no_such_step'))).toEqual([])
  })

  it('has one row for each change and actor, and offers what it allows', () => {
    expect(new Set(standingChanges.map(([change, , by]) => `${change} ${by}`)).size).toBe(standingChanges.length)
    expect([changesFrom('suspended', 'decision_maker'), changesFrom('certified', 'clock'), changesFrom('suspended', 'clock'), changesFrom('withdrawn', 'decision_maker'), changesFrom('expired', 'applicant')])
      .toEqual([['reinstated', 'withdrawn', 'transferred'], ['suspended'], [], [], []])
    expect([false, true].map(open => ['condition_set', 'condition_met'].map(change => changesFrom('scope_reduced', 'decision_maker', open).some(one => one === change)))).toEqual([[true, false], [false, true]])
    expect(decidedChanges.toSorted()).toEqual(standingChanges.filter(([, , by]) => by === 'decision_maker').map(([change]) => change).toSorted())
  })

  it('lets no clock end a certificate', () =>
    fc.assert(fc.property(fc.constantFrom(...standings), fc.constantFrom('withdrawn', 'transferred', 'surrendered'), fc.boolean(), (from, change, open) => may(from, change, 'clock', full('clock', open))?.refused === 'no_such_step')))
})

describe('days', () => {
  const until = (change: string, day: string | null, on = today) => may('certified', change, 'decision_maker', { ...full(''), until: day, today: on })?.missing ?? []
  it.each([[today, ['until_day']], ['2026-11-25', []], ['2027-05-24', []], ['2027-05-25', ['until_day']], [null, ['until_day']]] as const)('a suspension until %s lacks %j', (day, missing) => expect(until('suspended', day)).toEqual(missing))
  it('are counted to the end of a shorter month', () => expect([until('suspended', '2027-02-28', '2026-08-31'), until('suspended', '2027-03-01', '2026-08-31')]).toEqual([[], ['until_day']]))
  it('are free for a condition, if they lie ahead', () => expect([until('condition_set', null), until('condition_set', '2028-01-01'), until('condition_set', today)]).toEqual([[], [], ['until_day']]))
  it('a reduction leaves a workplace', () => expect(may('certified', 'scope_reduced', 'decision_maker', { ...full(''), sites: { leaving: 2, workplacesLeft: 0 } })).toEqual({ refused: 'needs', missing: ['sites_leaving'] }))
  it.each([['2026-08-25', null], ['2026-08-26', 90], ['2026-10-24', 90], ['2026-10-25', 30], ['2026-11-16', 30], ['2026-11-17', 7], [today, 7], ['2026-11-25', null]] as const)('a surveillance due on the 24th is warned of on %s: %s', (on, days) => expect(warningFor(today, on)).toBe(days))
})
