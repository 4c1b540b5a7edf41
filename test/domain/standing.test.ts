import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../server/domain/calendar.ts'
import { certificateEvents, standing, type CertificateEvent, type Standing } from '../../server/domain/standing.ts'

const certificate = { issuedOn: '2027-01-15', expiresOn: '2030-01-14' }
const issued: CertificateEvent = { event: 'issued', on: '2027-01-15' }
const suspended: CertificateEvent = { event: 'suspended', on: '2028-03-01', reasonClass: 'overdue' }
const reinstated: CertificateEvent = { event: 'reinstated', on: '2028-05-01' }
const reduced: CertificateEvent = { event: 'scope_reduced', on: '2027-06-01', reasonClass: 'site_closed' }
const withdrawn: CertificateEvent = { event: 'withdrawn', on: '2028-09-01', reasonClass: 'false_records' }
const condition: CertificateEvent = { event: 'condition_set', on: '2027-02-01', reasonClass: 'minor_open' }

describe('the standing of a certificate', () => {
  it.each<[string, CertificateEvent[], string, ReturnType<typeof standing>]>([
    ['reserved, not yet issued', [], '2027-01-15', { standing: 'issuing', since: '2027-01-15' }],
    ['the day before it is issued', [issued], '2027-01-14', { standing: 'issuing', since: '2027-01-15' }],
    ['the day it is issued', [issued], '2027-01-15', { standing: 'certified', since: '2027-01-15' }],
    ['its last day', [issued], '2030-01-14', { standing: 'certified', since: '2027-01-15' }],
    ['the day after', [issued], '2030-01-15', { standing: 'expired', since: '2030-01-15' }],
    ['the day before a suspension', [issued, suspended], '2028-02-29', { standing: 'certified', since: '2027-01-15' }],
    ['the day of a suspension', [issued, suspended], '2028-03-01', { standing: 'suspended', since: '2028-03-01', reasonClass: 'overdue' }],
    ['suspended again while suspended', [issued, suspended, { ...suspended, on: '2028-04-01', reasonClass: 'complaint' }], '2028-04-02',
      { standing: 'suspended', since: '2028-03-01', reasonClass: 'overdue' }],
    ['reinstated', [issued, suspended, reinstated], '2028-05-01', { standing: 'certified', since: '2028-05-01' }],
    ['reinstated without a suspension', [issued, reinstated], '2029-01-01', { standing: 'certified', since: '2027-01-15' }],
    ['suspended until the end', [issued, suspended], '2030-02-01', { standing: 'expired', since: '2030-01-15' }],
    ['with a condition', [issued, condition], '2027-03-01',
      { standing: 'certified_with_condition', since: '2027-02-01', reasonClass: 'minor_open' }],
    ['with the condition met', [issued, condition, { event: 'condition_met', on: '2027-04-01' }], '2027-05-01',
      { standing: 'certified', since: '2027-04-01' }],
    ['reduced in scope', [issued, reduced], '2027-07-01', { standing: 'scope_reduced', since: '2027-06-01', reasonClass: 'site_closed' }],
    ['reduced, then suspended', [issued, reduced, suspended], '2028-03-02',
      { standing: 'suspended', since: '2028-03-01', reasonClass: 'overdue' }],
    ['reduced, suspended, reinstated: still reduced', [issued, reduced, suspended, reinstated], '2029-01-01',
      { standing: 'scope_reduced', since: '2028-05-01', reasonClass: 'site_closed' }],
    ['withdrawn', [issued, suspended, withdrawn], '2035-01-01', { standing: 'withdrawn', since: '2028-09-01', reasonClass: 'false_records' }],
    ['withdrawn: no condition met and no new issue brings it back', [issued, { event: 'withdrawn', on: '2028-01-01' }, { event: 'condition_met', on: '2028-02-01' }, { event: 'issued', on: '2028-03-01' }], '2029-01-01',
      { standing: 'withdrawn', since: '2028-01-01' }],
    ['withdrawn, and the withdrawal overturned', [issued, { event: 'withdrawn', on: '2028-01-01' }, reinstated], '2029-01-01', { standing: 'certified', since: '2028-05-01' }],
    ['suspended, withdrawn, and the withdrawal overturned: still suspended', [issued, suspended, withdrawn, { event: 'reinstated', on: '2028-10-01' }], '2029-01-01',
      { standing: 'suspended', since: '2028-10-01', reasonClass: 'overdue' }],
    ['surrendered: nothing brings it back', [issued, { event: 'surrendered', on: '2028-01-01' }, reinstated], '2029-01-01', { standing: 'surrendered', since: '2028-01-01' }],
    ['surrendered', [issued, { event: 'surrendered', on: '2028-01-01' }], '2029-01-01', { standing: 'surrendered', since: '2028-01-01' }],
    ['transferred', [issued, { event: 'transferred', on: '2028-01-01' }], '2029-01-01', { standing: 'transferred', since: '2028-01-01' }],
    ['replaced by its successor', [issued, { event: 'replaced', on: '2029-12-01' }], '2031-01-01', { standing: 'replaced', since: '2029-12-01' }],
    ['withdrawn only after it had expired', [issued, { event: 'withdrawn', on: '2030-06-01' }], '2030-07-01',
      { standing: 'expired', since: '2030-01-15' }],
    ['never issued, and its time over', [], '2031-01-01', { standing: 'issuing', since: '2027-01-15' }],
  ])('%s', (_, events, today, expected) => expect(standing(certificate, events, today)).toEqual(expected))

  const someDay = fc.integer({ min: 0, max: 40 }).map(day => addDays('2027-01-01', day))
  const history = fc.array(fc.record({ event: fc.constantFrom(...certificateEvents), on: someDay }), { maxLength: 8 })

  const onOneDayEach = history.map(events =>
    events.filter((event, index) => events.findIndex(other => other.on === event.on) === index))
  const anyDay = fc.integer({ min: 0, max: 45 })

  it('is what living through every day says', () => fc.assert(fc.property(history, anyDay, (events, last) => {
    expect(standing(short, events, addDays('2027-01-01', last)).standing).toBe(livedThrough(events, last).at(-1))
  }), { numRuns: 500 }))

  it('counts from the first day of an unbroken run, in whatever order the events were written down', () =>
    fc.assert(fc.property(onOneDayEach, anyDay, (events, last) => {
      const lived = livedThrough(events, last)
      const now = standing(short, events.toReversed(), addDays('2027-01-01', last))
      fc.pre(now.standing !== 'issuing')
      expect(now.since).toBe(addDays('2027-01-01', lived.findLastIndex(each => each !== now.standing) + 1))
    }), { numRuns: 500 }))
})

// One day after the other with a page of ticks, as a clerk with a ledger would.
function livedThrough(events: readonly CertificateEvent[], days: number): Standing[] {
  const page = new Set<Standing>()
  const hasEnded = () => closings.some(closing => page.has(closing))
  return Array.from({ length: days + 1 }, (_, day) => addDays('2027-01-01', day)).map(date => {
    for (const { event } of date <= short.expiresOn ? events.filter(each => each.on === date) : []) {
      if (!hasEnded()) ledger[event](page)
      else if (event === 'reinstated' && page.has('certified')) page.delete('withdrawn') // an appeal was upheld
    }
    if (date > short.expiresOn && page.has('certified') && !hasEnded()) page.add('expired')
    return wordFor(page)
  })
}

const short = { issuedOn: '2027-01-05', expiresOn: '2027-01-30' }
const closings: Standing[] = ['withdrawn', 'surrendered', 'transferred', 'replaced', 'expired']
const ledger: Record<CertificateEvent['event'], (page: Set<Standing>) => unknown> = {
  issued: page => page.add('certified'),
  suspended: page => page.add('suspended'), reinstated: page => page.delete('suspended'),
  condition_set: page => page.add('certified_with_condition'), condition_met: page => page.delete('certified_with_condition'),
  scope_reduced: page => page.add('scope_reduced'),
  withdrawn: page => page.add('withdrawn'), surrendered: page => page.add('surrendered'),
  transferred: page => page.add('transferred'), replaced: page => page.add('replaced'),
  reissued: () => undefined, prolonged: () => undefined, // another file, the same standing
}

function wordFor(page: Set<Standing>): Standing {
  const open: Standing[] = page.has('certified') ? ['suspended', 'scope_reduced', 'certified_with_condition', 'certified'] : []
  return [...closings, ...open].find(name => page.has(name)) ?? 'issuing'
}
