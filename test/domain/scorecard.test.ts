import { describe, expect, it } from 'vitest'
import { bandOf } from '../../server/domain/bands.ts'
import { sectionResult, tallyOf } from '../../server/domain/scorecard.ts'

describe('bands', () => {
  it.each([[0, '0'], [1, '1–10'], [10, '1–10'], [11, '11–50'], [50, '11–50'], [51, '51–100'], [100, '51–100'], [101, '101–250'], [250, '101–250'], [500, '251–500'], [501, '501–1000'], [1000, '501–1000'], [1001, '1001+']])(
    'say %i as %s', (people, band) => expect(bandOf(people)).toBe(band))
})

describe('a section of the scorecard', () => {
  const rated = [{ criterion: 'RE-01.1', rating: 'conforms' }, { criterion: 'RE-01.2', rating: 'minor' }, { criterion: 'RE-09.1', rating: 'not_applicable' }, { criterion: 'RE-10.1', rating: 'conforms' }]
  const minor = { criterion: 'RE-01.2', open: true, grade: 'minor' }

  it('conforms once its minor finding is closed', () => {
    expect([sectionResult('S01', rated, [minor]), sectionResult('S01', rated, [{ ...minor, open: false }])]).toEqual(['minor_open', 'conforms'])
  })

  it('does not take another section’s finding or a mere observation for its own', () => {
    expect([sectionResult('S10', rated, [minor]), sectionResult('S01', rated, [{ ...minor, grade: 'observation' }])]).toEqual(['conforms', 'conforms'])
  })

  it('does not apply when nothing in it does', () => expect(sectionResult('S09', rated, [])).toBe('not_applicable'))

  it('counts every rating once', () => {
    expect(tallyOf('S01', rated)).toEqual({ conforms: 1, minor: 1, major: 0, zero_tolerance: 0, not_applicable: 0 })
  })
})
