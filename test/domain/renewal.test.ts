import { describe, expect, it } from 'vitest'
import { isTooOld, mayRenew, renewalOpens } from '../../server/domain/renewal.ts'
import { standings } from '../../server/domain/standing.ts'

describe('a renewal', () => {
  const expiresOn = '2029-11-23'
  it('is applied for from six months before the end to its last day', () => expect([renewalOpens(expiresOn), ...['2029-05-22', '2029-05-23', '2029-11-23'].map(day => mayRenew({ standing: 'certified', expiresOn }, day)?.missing ?? null)]).toEqual(['2029-05-23', ['renewal_window'], null, null]))
  it('of the month’s end falls on the month’s end', () => expect(renewalOpens('2029-08-31')).toBe('2029-02-28'))
  it('is for certificates that have not ended', () => expect(standings.filter(standing => !mayRenew({ standing, expiresOn }, '2029-06-01'))).toEqual(['certified', 'certified_with_condition', 'suspended', 'scope_reduced']))
  it('counts evidence of the last year', () => expect(['2028-06-01', '2028-05-31'].map(day => isTooOld(day, '2029-06-01'))).toEqual([false, true]))
})
