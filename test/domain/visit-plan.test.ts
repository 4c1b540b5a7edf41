import { describe, expect, it } from 'vitest'
import { codesIn, interviewCode, namesSomebody } from '../../server/domain/anonymity.ts'
import { interviewLanguages, nextCode } from '../../server/domain/interviews.ts'
import { isKnownTo, planFaultsOf } from '../../server/domain/visit-plan.ts'
import { aloneNeeded, askedOf, interviewsHeld, voiceGate } from '../../server/domain/voice.ts'
import { standard } from '../support/standard.ts'

const places = [{ id: 'a', kind: 'workplace' as const }, { id: 'b', kind: 'workplace' as const }, { id: 'h', kind: 'housing' as const }]
const wanted = { startsOn: '2026-12-01', endsOn: '2026-12-02', siteIds: ['a', 'b'], personDays: 2, interviews: 8, justification: '', announced: true }
const reckoned = { personDays: 2, interviews: 8 }

describe('a visit plan', () => {
  it.each([
    [{}, []], [{ siteIds: ['a', 'b', 'h'] }, []], [{ siteIds: ['a', 'h'] }, ['every_workplace']], [{ siteIds: ['a', 'b', 'x'] }, ['known_sites']], [{ siteIds: [] }, ['every_workplace', 'known_sites']],
    [{ startsOn: '2026-11-30' }, []], [{ startsOn: '2026-11-29' }, ['visit_ahead']], [{ startsOn: '2027-12-01', endsOn: '2027-12-01' }, []], [{ startsOn: '2027-12-02', endsOn: '2027-12-02' }, ['visit_within_a_year']], [{ startsOn: '9999-12-31', endsOn: '9999-12-31' }, ['visit_within_a_year']], [{ endsOn: '2026-12-31' }, []], [{ endsOn: '2027-01-01' }, ['visit_short_enough']],
    [{ interviews: 7, justification: '少ない' }, ['enough_interviews']], [{ interviews: 9 }, ['justification']], [{ interviews: 9, justification: '夜勤が多い' }, []],
    [{ personDays: 1.5 }, ['justification']], [{ personDays: 1.5, justification: '近い' }, []],
  ])('%j has the faults %j', (change, faults) => expect(planFaultsOf({ ...wanted, ...change }, reckoned, places, '2026-11-30')).toEqual(faults))
})

describe('days that cannot be', () => {
  const unavailable = [{ startsOn: '2026-12-02', endsOn: '2026-12-04' }]
  it.each([
    [{ announced: true }, ['days_available']], [{ announced: true, endsOn: '2026-12-01' }, []], [{ announced: true, startsOn: '2026-12-04', endsOn: '2026-12-08' }, ['days_available']],
    [{ announced: true, startsOn: '2026-12-05', endsOn: '2026-12-08' }, []], [{ announced: false }, []],
  ])('%j has the faults %j', (change, faults) => expect(planFaultsOf({ ...wanted, ...change }, reckoned, places, '2026-11-30', { unavailable, agreed: null, announced: false })).toEqual(faults))

  it('takes no day back into secrecy', () => expect(planFaultsOf({ ...wanted, announced: false }, reckoned, places, '2026-11-30', { unavailable: [], agreed: null, announced: true })).toEqual(['announced_already']))
})

describe('other days than those agreed', () => {
  const agreed = { startsOn: '2026-12-01', endsOn: '2026-12-02' }
  it.each([
    [{}, []], [{ endsOn: '2026-12-01' }, ['agreed_days']], [{ startsOn: '2026-11-30' }, ['agreed_days']], [{ endsOn: '2026-12-01', justification: '雪のため' }, []], [{ endsOn: '2026-12-01', announced: false }, ['days_not_agreed']],
  ])('%j has the faults %j', (change, faults) => expect(planFaultsOf({ ...wanted, ...change }, reckoned, places, '2026-11-30', { unavailable: [], agreed, announced: false })).toEqual(faults))
})

describe('who knows of an unannounced visit', () => {
  const secret = { announced: false, begunAt: null }
  it.each([
    [['assessor'], true, true], [['assessor'], false, false], [['operator'], false, true], [['applicant'], false, false], [['decision_maker'], false, false], [['operator', 'applicant'], false, false], [[], false, false],
  ] as const)('%j (declared: %s): %s', (held, declared, known) => {
    expect(isKnownTo(secret, { held, declared })).toBe(known)
    expect(isKnownTo({ announced: false, begunAt: new Date(0) }, { held, declared })).toBe(true)
  })
})

describe('interviews', () => {
  it('are offered in the languages of the standard, and in Japanese for peers', () => {
    expect([...interviewLanguages]).toEqual([...standard.languages.order.map(({ code }) => code), 'ja'])
  })

  it.each([[[], 'A-01'], [['A-01', 'A-09', 'B-12'], 'A-10'], [['P-01'], 'A-01'], [['A-99'], 'A-100']])('after %j the next code is %s', (codes, next) => {
    expect([nextCode(codes), interviewCode.test(next)]).toEqual([next, true])
  })

  it('finds a code however it is written, and not inside another word', () => {
    expect([codesIn('ａ－０１と話した', ['A-01']), codesIn('a-01', ['A-01']), codesIn('A-011 型、BA-01', ['A-01'])]).toEqual([['A-01'], ['A-01'], []])
  })

  it.each(['グエンさんの話', '田中様に確認', 'Mr Tran', 'TRAN THI HOA', 'AB12345678CD', '090-1234-5678', 'a@b.example', '名前はフン'])('sees a person in %s', text => expect(namesSomebody(text)).toBe(true))
  it.each(['皆さんに説明', '通訳さんと班長さん', '3号機 PPE なし', 'ISO/IEC 17065', 'SSW1', '2026-11-24', '時給 1,225 円', 'A-01 は夜勤', ''])('sees nobody in %s', text => expect(namesSomebody(text)).toBe(false))
})

describe('the voice', () => {
  const voice = { foreignWorkers: 20, surveyAnswers: 0, workersInvited: 20, workersAgreed: 20, interviewedAlone: 0, interviewedInGroups: 0, sample: 8 }
  it.each([
    [{ interviewedAlone: 8 }, true], [{ interviewedAlone: 7 }, false], [{ interviewedAlone: 5, interviewedInGroups: 3 }, true], [{ interviewedAlone: 4, interviewedInGroups: 4 }, false],
    [{ interviewedAlone: 6, interviewedInGroups: 4 }, true], [{ interviewedAlone: 9, interviewedInGroups: 6 }, true], [{ workersAgreed: 2, interviewedAlone: 2 }, true], [{ workersAgreed: 0 }, true],
  ])('the sample with %j is held: %s', (change, held) => expect(interviewsHeld({ ...voice, ...change })).toBe(held))

  it('asks for the sample or for everybody who agreed, 60 % of them alone', () => {
    expect([[askedOf(voice), aloneNeeded(voice)], [askedOf({ ...voice, workersAgreed: 5 }), aloneNeeded({ ...voice, workersAgreed: 5 })]]).toEqual([[8, 5], [5, 3]])
  })

  it.each([
    [{ interviewedAlone: 16 }, true], [{ interviewedAlone: 15 }, false], [{ interviewedAlone: 16, workersInvited: 19 }, false], [{ surveyAnswers: 12 }, true], [{ surveyAnswers: 11 }, false],
    [{ foreignWorkers: 9, workersInvited: 9, workersAgreed: 3, interviewedAlone: 3 }, true], [{ foreignWorkers: 9, workersInvited: 9, workersAgreed: 3, interviewedAlone: 2 }, false],
    [{ foreignWorkers: 9, workersInvited: 9, workersAgreed: 3, interviewedInGroups: 3 }, false],
    [{ workersAgreed: 8, interviewedAlone: 10, interviewedInGroups: 6 }, false], // the same people twice are no more voices
  ])('the gate with %j is passed: %s', (change, passed) => expect(voiceGate({ ...voice, ...change })).toBe(passed))
})
