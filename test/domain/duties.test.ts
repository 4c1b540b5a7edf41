import { describe, expect, it } from 'vitest'
import { dutiesOf, effectFrom, owedBy, type DutyFacts } from '../../server/domain/duties.ts'
import { dueDates, type Grade } from '../../server/domain/grading.ts'
import { standard } from '../support/standard.ts'

const none = { alertDue: null, protectionPlanDue: null, planDue: null, containmentDue: null, evidenceDue: null, verifiedDue: null }
const inJapan = (at: Date) => at.toLocaleString('sv-SE', { timeZone: 'Asia/Tokyo' })
const raised = (grade: Grade, at: string, facts: Partial<DutyFacts> = {}): DutyFacts =>
  ({ ...none, ...dueDates(grade, new Date(`${at}+09:00`), standard.grading.findingGrades), grade, state: 'raised', superseded: false, planAccepted: false, done: null, acts: [], closedAt: null, ...facts })
const told = (facts: DutyFacts) => dutiesOf(facts).map(({ what, who, at }) => `${what} ${who} ${inJapan(at)}`)
const unmet = (facts: DutyFacts) => dutiesOf(facts).filter(({ met }) => !met).map(({ what }) => what).join(' ')

// Hours run exactly; days end with the day in Japan and are calendar days: neither a weekend, a holiday nor the end of a year stops them.
const rows: [Grade, string, string[]][] = [
  ['zero_tolerance', '2026-12-30T18:00:00', ['alert operator 2026-12-31 18:00:00', 'protection_plan applicant 2027-01-02 18:00:00', 'containment applicant 2027-01-06 23:59:59', 'verified applicant 2027-01-29 23:59:59']], // over the New Year
  ['zero_tolerance', '2027-04-28T23:59:59', ['alert operator 2027-04-29 23:59:59', 'protection_plan applicant 2027-05-01 23:59:59', 'containment applicant 2027-05-05 23:59:59', 'verified applicant 2027-05-28 23:59:59']], // Golden Week
  ['zero_tolerance', '2028-02-28T00:00:00', ['alert operator 2028-02-29 00:00:00', 'protection_plan applicant 2028-03-02 00:00:00', 'containment applicant 2028-03-06 23:59:59', 'verified applicant 2028-03-29 23:59:59']], // a leap day
  ['major', '2026-12-31T23:59:59', ['plan applicant 2027-01-14 23:59:59', 'evidence applicant 2027-03-31 23:59:59', 'verified assessor 2027-04-30 23:59:59']],
  ['major', '2027-01-01T00:00:00', ['plan applicant 2027-01-15 23:59:59', 'evidence applicant 2027-04-01 23:59:59', 'verified assessor 2027-05-01 23:59:59']], // a second later is a day later
  ['major', '2027-12-01T12:00:00', ['plan applicant 2027-12-15 23:59:59', 'evidence applicant 2028-02-29 23:59:59', 'verified assessor 2028-03-30 23:59:59']],
  ['minor', '2027-08-31T12:00:00', ['plan applicant 2027-09-30 23:59:59', 'evidence applicant 2028-02-27 23:59:59']], // month ends
  ['minor', '2027-04-01T12:00:00', ['plan applicant 2027-05-01 23:59:59', 'evidence applicant 2027-09-28 23:59:59']], // due in Golden Week, not moved by it
  ['collaborative', '2026-11-01T12:00:00', ['plan applicant 2026-12-31 23:59:59']],
  ['observation', '2026-11-01T12:00:00', []],
]

describe('what is to be done about a finding', () => {
  it.each(rows)('%s, raised at %s in Japan', (grade, at, duties) => expect(told(raised(grade, at))).toEqual(duties))

  it('covers every row of the grading table', () =>
    expect(new Set(rows.map(([grade]) => grade))).toEqual(new Set(standard.grading.findingGrades.map(({ grade }) => grade))))

  it('a major: first the plan, then what it promised, nothing while the assessor reads, then the effect', () => {
    const at = '2026-11-21T10:00:00', major = (facts: Partial<DutyFacts>) => raised('major', at, facts)
    const owed = (facts: Partial<DutyFacts>) => owedBy(dutiesOf(major(facts)), 'applicant')?.what
    expect([owed({}), owed({ state: 'answered', done: 'planned' }), owed({ state: 'returned' }), owed({ state: 'plan_accepted', planAccepted: true }), owed({ state: 'answered', done: 'done', planAccepted: true }), owed({ superseded: true })])
      .toEqual(['plan', undefined, 'plan', 'evidence', undefined, undefined])
    expect(unmet(major({ state: 'answered', done: 'done', planAccepted: true }))).toBe('verified')
    const closedAt = new Date('2026-12-01T10:00:00+09:00')
    expect([unmet(major({ state: 'verified', done: 'done', closedAt })), told(major({ state: 'verified', done: 'done', closedAt })).at(-1), unmet(major({ state: 'effective', done: 'done', closedAt }))])
      .toEqual(['effectiveness', 'effectiveness assessor 2027-03-01 23:59:59', ''])
    expect(inJapan(effectFrom(closedAt))).toBe('2026-12-30 23:59:59') // the thirtieth day after begins then
  })

  it('zero tolerance: each step by whom it is asked, whoever is to move about the answer', () => {
    const zero = (facts: Partial<DutyFacts>) => dutiesOf(raised('zero_tolerance', '2026-11-21T10:00:00', facts))
    const owed = (facts: Partial<DutyFacts>) => [owedBy(zero(facts), 'operator')?.what, owedBy(zero(facts), 'applicant')?.what, owedBy(zero(facts), 'assessor')?.what, owedBy(zero(facts), 'decision_maker')?.what]
    expect([
      owed({}), owed({ acts: ['alert', 'protection_plan'] }), owed({ state: 'answered', done: 'planned', acts: ['alert'] }),
      owed({ state: 'plan_accepted', acts: ['alert', 'protection_plan', 'containment'] }), owed({ state: 'answered', done: 'done', acts: ['alert', 'protection_plan', 'containment'] }),
      owed({ state: 'second_look', done: 'done', acts: ['alert', 'protection_plan', 'containment'] }),
    ]).toEqual([
      ['alert', 'protection_plan', undefined, undefined], [undefined, 'containment', undefined, undefined], [undefined, 'protection_plan', undefined, undefined],
      [undefined, 'verified', undefined, undefined], [undefined, undefined, 'verified', undefined], [undefined, undefined, undefined, 'verified'],
    ])
  })
})
