import { describe, expect, it } from 'vitest'
import { gapsOf, languagesAmong, spokenOf, type Competence } from '../../server/domain/competence.ts'
import { interviewLanguages } from '../../server/domain/interviews.ts'
import { nationalities } from '../../server/domain/nationalities.ts'
import { byFitness, judge, type Candidate } from '../../server/domain/proposals.ts'

// C20: what a case asks for, and who is proposed before whom.
const on = '2026-11-24', needed = { industry: 'food', languages: ['id', 'vi'], on }
const valid = (kind: Competence['kind'], subject = 'x', validUntil = on): Competence => ({ kind, subject, validUntil })
const everything = [valid('sector', 'food'), valid('language', 'vi'), valid('language', 'id'), valid('law_training'), valid('witnessed_audit')]
const candidate = (change: Partial<Candidate> = {}): Candidate => ({ competences: everything, ties: [], endedTies: [], assessedBefore: false, objected: false, load: 0, ...change })
const without = (kind: Competence['kind'], subject?: string) => everything.filter(one => one.kind !== kind || (subject !== undefined && one.subject !== subject))

describe('competence', () => {
  it.each([['sector'], ['law_training'], ['witnessed_audit']] as const)('%s is missed, or run out the day before, and counts on its last day', kind => {
    expect([gapsOf(everything, needed), gapsOf(without(kind), needed), gapsOf([...without(kind), valid(kind, kind === 'sector' ? 'food' : 'x', '2026-11-23')], needed)]).toEqual([[], [kind], [kind]])
  })

  it('in another sector is none in this one', () => expect(gapsOf([...without('sector'), valid('sector', 'textile')], needed)).toEqual(['sector']))

  it('in a language is counted for the languages of the workers alone', () =>
    expect([spokenOf(everything, needed), spokenOf([valid('language', 'ko'), valid('language', 'vi', '2026-11-23')], needed)]).toEqual([['id', 'vi'], []]))

  it('asks for languages that interviews can be held in, each once', () => {
    const asked = languagesAmong(nationalities.map(({ value }) => ({ nationality: value })))
    expect([asked.every(language => interviewLanguages.some(one => one === language)), new Set(asked).size === asked.length, languagesAmong([{ nationality: 'VN' }, { nationality: 'VN' }, { nationality: 'ZZ' }])]).toEqual([true, true, ['vi']])
  })
})

describe('proposals', () => {
  const inOrder: [name: string, Candidate][] = [
    ['fit and free', candidate()], ['busier', candidate({ load: 3 })], ['has assessed the client before', candidate({ assessedBefore: true })], ['had a tie once', candidate({ endedTies: ['paid'], assessedBefore: true })],
    ['needs an interpreter', candidate({ competences: without('language', 'id') })], ['lacks the sector', candidate({ competences: without('sector') })], ['lacks two things', candidate({ competences: without('sector').filter(({ kind }) => kind !== 'law_training') })],
    ['objected to', candidate({ objected: true })],
  ]
  const ranked = (list: typeof inOrder) => list.map(([name, one]) => ({ name, candidate: one, judged: judge(one, needed) })).toSorted(byFitness).map(({ name }) => name)

  it('put the fittest first: what may not be, what is lacking, language, distance, load, in this order', () => {
    const names = inOrder.map(([name]) => name)
    expect([ranked(inOrder), ranked(inOrder.toReversed())]).toEqual([names, names])
  })

  it('explain every word', () => {
    expect(judge(candidate({ ties: ['employed'], objected: true }), needed)).toEqual({ excluded: 'tied', gaps: [], spoken: ['id', 'vi'], unspoken: [], distance: 'nothing_known' })
    expect(judge(candidate({ competences: [valid('language', 'vi')], endedTies: ['trained'] }), needed)).toEqual({ excluded: null, gaps: ['sector', 'law_training', 'witnessed_audit'], spoken: ['vi'], unspoken: ['id'], distance: 'tie_ended' })
    expect([judge(candidate({ objected: true }), needed).excluded, judge(candidate({ assessedBefore: true }), needed).distance]).toEqual(['objected', 'assessed_before'])
  })
})
