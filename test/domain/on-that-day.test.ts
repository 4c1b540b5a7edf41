import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, daysBetween } from '../../server/domain/calendar.ts'
import { onThatDay } from '../../server/domain/on-that-day.ts'
import { certificateEvents, standing, type CertificateEvent } from '../../server/domain/standing.ts'

const certificate = { issuedOn: '2027-01-15', expiresOn: '2030-01-14' }
const issued: CertificateEvent = { event: 'issued', on: '2027-01-15' }
const suspended: CertificateEvent = { event: 'suspended', on: '2028-03-01', reasonClass: 'overdue' }
const reinstated: CertificateEvent = { event: 'reinstated', on: '2028-05-01' }
const today = '2028-06-01'

describe('what it was worth on that day', () => {
  it.each<[string, string, ReturnType<typeof onThatDay>]>([
    ['before it was issued', '2027-01-14', { standing: 'issuing', since: '2027-01-15', on: '2027-01-14', until: '2027-01-14' }],
    ['the day before a suspension', '2028-02-29', { standing: 'certified', since: '2027-01-15', on: '2028-02-29', until: '2028-02-29' }],
    ['while it was suspended', '2028-04-11', { standing: 'suspended', since: '2028-03-01', reasonClass: 'overdue', on: '2028-04-11', until: '2028-04-30' }],
    ['since it was reinstated', '2028-05-20', { standing: 'certified', since: '2028-05-01', on: '2028-05-20', until: null }],
    ['today', today, { standing: 'certified', since: '2028-05-01', on: today, until: null }],
  ])('%s', (_, on, expected) => expect(onThatDay(certificate, [issued, suspended, reinstated], { on, today })).toEqual(expected))

  it('ends with the last day of validity, once that is over', () =>
    expect(onThatDay(certificate, [issued], { on: '2029-01-01', today: '2031-01-01' })).toMatchObject({ standing: 'certified', until: '2030-01-14' }))

  it('knows nothing of what happened after today', () =>
    expect(onThatDay(certificate, [issued, suspended], { on: '2028-01-01', today: '2028-02-01' })).toMatchObject({ standing: 'certified', until: null }))

  const short = { issuedOn: '2027-01-03', expiresOn: '2027-02-05' }
  const someDay = fc.integer({ min: 0, max: 45 }).map(day => addDays('2027-01-01', day))
  const history = fc.array(fc.record({ event: fc.constantFrom(...certificateEvents), on: someDay }), { maxLength: 8 })

  it('holds from its first to its last day and no longer, in any history', () => {
    fc.assert(fc.property(history, someDay, someDay, (events, one, other) => {
      const [on, now] = [one, other].sort() as [string, string]
      const told = onThatDay(short, events, { on, today: now })
      const last = told.until ?? now
      const span = Array.from({ length: daysBetween(on, last) + 1 }, (_, nth) => standing(short, events, addDays(on, nth)))
      const turned = told.until === null || !sameAs(standing(short, events, addDays(last, 1)), told)
      return last >= on && last <= now && turned && span.every(then => sameAs(then, told))
    }))
  })

  const sameAs = (one: { standing: string; since: string }, other: { standing: string; since: string }) => one.standing === other.standing && one.since === other.since
})
