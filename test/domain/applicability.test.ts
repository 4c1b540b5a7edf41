import { describe, expect, it } from 'vitest'
import { applicability, lawOn, type EmployerFacts } from '../../server/domain/applicability.ts'
import { criterion, standard } from '../support/standard.ts'

const today = '2026-11-21'
const pressShop: EmployerFacts = { workers: 12, arrangesHousing: true, hasProgrammeWorkers: true }
const notAsked = (facts: Partial<EmployerFacts>, on = today) =>
  standard.criteria.flatMap(each => {
    const outcome = applicability(each, { ...pressShop, ...facts }, on)
    return outcome.applies ? [] : [`${each.id} ${outcome.because}`]
  })

describe('which criteria are asked', () => {
  it('asks everything of a press shop with a dormitory and trainees', () => expect(notAsked({})).toEqual([]))
  it('leaves housing out where the employer arranges none', () =>
    expect(notAsked({ arrangesHousing: false })).toEqual(['RE-09.1', 'RE-09.2', 'RE-09.3'].map(id => `${id} no_employer_housing`)))
  it('leaves programme duties out where nobody is in a programme', () =>
    expect(notAsked({ hasProgrammeWorkers: false })).toEqual(['RE-14.2', 'RE-14.3'].map(id => `${id} no_programme_workers`)))

  it('drops for ten workers only what no law asks', () => expect(notAsked({ workers: 10 })).toEqual(['RE-02.4 micro_firm']))

  it('keeps the ten criteria that are not core, apart from that one, with optional documents', () => {
    const micro = { ...pressShop, workers: 10 }
    const optional = standard.criteria.filter(each => {
      const outcome = applicability(each, micro, today)
      return outcome.applies && outcome.evidence === 'optional'
    }).map(({ id }) => id)
    expect(optional).toEqual(['RE-01.5', 'RE-04.3', 'RE-06.2', 'RE-08.1', 'RE-08.4', 'RE-10.3', 'RE-11.3', 'RE-13.3', 'RE-14.3'])
    expect(applicability(criterion('RE-08.1'), { ...micro, workers: 11 }, today)).toEqual({ applies: true, evidence: 'asked' })
    expect(applicability(criterion('RE-01.1'), micro, today)).toEqual({ applies: true, evidence: 'asked' })
  })

  it('drops a criterion of a micro firm when its only law is not yet, or no longer, in force', () => {
    const rule = { appliesTo: 'all', coreForMicro: false } as const
    const micro = { ...pressShop, workers: 3 }
    const later = { ...rule, legalBasis: [{ law: 'ESDA', article: '9', effectiveFrom: '2027-04-01' }] }
    const ended = { ...rule, legalBasis: [{ law: 'TITA', article: '9' }] }
    expect([later, ended].map(each => applicability(each, micro, '2027-03-31').applies)).toEqual([false, true])
    expect([later, ended].map(each => applicability(each, micro, '2027-04-01').applies)).toEqual([true, false])
  })
})

describe('the law of one criterion on a day', () => {
  const laws = (id: string, on: string) => {
    const { inForce, later, ended } = lawOn(criterion(id).legalBasis, on)
    return [inForce, later, ended].map(lines => lines.map(({ law }) => law).join(' '))
  }

  it('has the training act until its last day and the skill-development act from the next', () => {
    expect(laws('RE-06.1', '2027-03-31')).toEqual(['TITA FEMG LSA', 'ESDA', ''])
    expect(laws('RE-06.1', '2027-04-01')).toEqual(['ESDA FEMG LSA', '', 'TITA'])
    expect(laws('RE-13.1', '2027-04-01')).toEqual(['ESDO', '', 'TITO'])
  })

  // domain.md, idea 9: one client on three days gives three law lists
  it('changes on the days when the law changes', () => {
    // 181 lines: 22 begin with the skill-development act, 1 (whistle-blowers) on 1 December 2026, 27 end with the training act
    const inForceOn = (on: string) => standard.criteria.flatMap(({ legalBasis }) => lawOn(legalBasis, on).inForce).length
    expect(['2026-11-30', '2026-12-01', '2027-03-31', '2027-04-01'].map(inForceOn)).toEqual([158, 159, 159, 154])
  })
})
