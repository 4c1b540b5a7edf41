import { describe, expect, it } from 'vitest'
import { expiriesByQuarter, gapsOverTime, reaches, standingsOf, type WantedSupplier } from '../../server/domain/portfolio.ts'

const today = '2026-11-24'
const at = (standing: 'certified' | 'suspended' | 'none', expiresOn: string | null = null) => ({ standing, expiresOn, prefecture: '愛知県' })

describe('a portfolio', () => {
  it('counts standings in the order of the words, and only those that somebody stands in', () => {
    expect(standingsOf([at('none'), at('certified'), at('suspended'), at('certified')])).toEqual([{ standing: 'certified', suppliers: 2 }, { standing: 'suspended', suppliers: 1 }, { standing: 'none', suppliers: 1 }])
  })

  it('puts expiries into quarters: the day counts, what is past or not valid does not', () => {
    const quarters = expiriesByQuarter([at('certified', '2026-12-31'), at('certified', '2027-01-01'), at('certified', '2026-11-23'), at('suspended', '2026-12-01'), at('none')], today)
    expect([quarters.length, quarters[0], quarters[1], quarters[7]?.from]).toEqual([8, { from: '2026-10-01', suppliers: 1 }, { from: '2027-01-01', suppliers: 1 }, '2028-07-01'])
  })

  const supplier = (change: Partial<WantedSupplier> = {}, changes: [string, 'certified' | 'suspended' | 'withdrawn'][] = [['2026-03-10', 'certified']]): WantedSupplier =>
    ({ wantedLevel: 'T3', wantedBy: '2026-06-30', certificates: [{ expiresOn: '2027-02-10', tier: 'T3', changes: changes.map(([on, standing]) => ({ on, standing })) }], ...change })

  it.each([['2026-03-09', false], ['2026-03-10', true], ['2027-02-10', true], ['2027-02-11', false]])('on %s what is wanted is there: %s', (day, there) => expect(reaches(supplier(), day)).toBe(there))
  it('is not there while suspended, nor below the level', () => {
    const suspended = supplier({}, [['2026-03-10', 'certified'], ['2026-05-01', 'suspended'], ['2026-06-01', 'certified']])
    expect([reaches(suspended, '2026-05-15'), reaches(suspended, '2026-06-01'), reaches(supplier({ wantedLevel: 'T4' }), today), reaches(supplier({ certificates: [] }), today)]).toEqual([false, true, false, false])
  })

  it('draws eighteen months: wanted from its month on, and what follows if nothing changes', () => {
    const months = gapsOverTime([supplier(), supplier({ certificates: [] })], today)
    const of = (month: string) => months.find(one => one.month === month)
    expect([months.length, months[0]?.month, months.at(-1)?.month, of('2026-05-01'), of('2026-06-01'), of('2026-11-01'), of('2027-01-01'), of('2027-02-01')]).toEqual([18, '2025-12-01', '2027-05-01', { month: '2026-05-01', wanted: 0, reached: 0, ahead: false },
      { month: '2026-06-01', wanted: 2, reached: 1, ahead: false }, { month: '2026-11-01', wanted: 2, reached: 1, ahead: false }, { month: '2027-01-01', wanted: 2, reached: 1, ahead: true }, { month: '2027-02-01', wanted: 2, reached: 0, ahead: true }])
  })
})
