import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auditEffort, readShare, type Audit } from '../../server/domain/effort.ts'
import { standard } from '../support/standard.ts'

const table = standard.auditEffort
const shop: Audit = { kind: 'initial', workplaces: [12], housingSites: 1, interpreterLanguages: 1, nightShift: false }
const effort = (about: Partial<Audit>) => auditEffort({ ...shop, ...about }, table)

describe('the effort of an audit', () => {
  it.each([
    [1, 1, 0.5], [10, 1, 0.5], [11, 1.5, 1], [50, 1.5, 1], [51, 2, 1], [100, 2, 1], [101, 3, 1.5], [250, 3, 1.5], [251, 3.5, 1.5], [300, 3.5, 1.5],
  ])(
    '%i workers on one site: %f days there, %f at the desk', (workers, onSiteDays, deskDays) =>
      expect(effort({ workplaces: [workers] })).toMatchObject({ onSiteDays, deskDays, beyondTable: false }))

  it('lists every addition', () =>
    expect(effort({ workplaces: [12, 60, 8], housingSites: 3, interpreterLanguages: 3, nightShift: true })).toEqual({
      onSiteDays: 4.75, deskDays: 1, factor: 1, beyondTable: false,
      lines: [
        { what: 'main_site', count: 1, days: 2 },
        { what: 'further_site', count: 2, days: 1.5 }, // 60 % of 1.5 and of 1.0
        { what: 'housing', count: 2, days: 0.5 },
        { what: 'interpreter', count: 2, days: 0.5 },
        { what: 'night_shift', count: 1, days: 0.25 },
      ],
    }))

  it('asks nothing more for the first housing site and the first language', () =>
    expect(effort({}).lines).toEqual([{ what: 'main_site', count: 1, days: 1.5 }]))

  it.each([['surveillance', 0.51, 0.34], ['recertification', 1.01, 0.67]] as const)('takes a share for %s', (kind, onSiteDays, deskDays) =>
    expect(effort({ kind })).toMatchObject({ onSiteDays, deskDays }))

  it('says when the table ends', () => expect(effort({ workplaces: [301] })).toMatchObject({ onSiteDays: 3.5, beyondTable: true }))
  it('counts a firm without numbers as the smallest', () => expect(effort({ workplaces: [] })).toMatchObject({ onSiteDays: 1, deskDays: 0.5 }))

  it('never shrinks with more sites, workers, homes or languages', () => {
    const few = fc.integer({ min: 0, max: 5 })
    const workplaces = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 })
    const audit = fc.record({ workplaces, housingSites: few, interpreterLanguages: few })
    fc.assert(fc.property(audit, fc.integer({ min: 0, max: 50 }), few, (before, workers, more) => {
      const after = {
        workplaces: [...before.workplaces.map(each => each + workers), 1],
        housingSites: before.housingSites + more, interpreterLanguages: before.interpreterLanguages + more,
      }
      expect(effort(after).onSiteDays).toBeGreaterThanOrEqual(effort(before).onSiteDays)
    }))
  })

  it('reads the share of a second site', () => {
    expect(readShare('60% of table')).toBe(0.6)
    expect(() => readShare('most of it')).toThrow(RangeError)
  })
})
