import { describe, expect, it } from 'vitest'
import { readStandard, StandardUnusable } from '../../server/standard/read.ts'
import { standard, standardText } from '../support/standard.ts'

const faultsOf = (text: string): readonly string[] => {
  try {
    readStandard(text)
    return []
  } catch (error) {
    if (error instanceof StandardUnusable) return error.faults
    throw error
  }
}
/** The file with one passage changed; the passage must be there. */
const changed = (from: string, to: string) => {
  if (!standardText.includes(from)) throw new Error(`not in the standard: ${from}`)
  return standardText.replace(from, to)
}

describe('the standard that the project carries', () => {
  it('is read whole', () => {
    expect(standard.criteria.map(({ id }) => id).slice(0, 2)).toEqual(['RE-01.1', 'RE-01.2'])
    const { criteria, sections, laws, languages } = standard
    expect([criteria.length, sections.length, Object.keys(laws).length, languages.order.length]).toEqual([60, 14, 34, 16])
    expect(standard.meta.counts.legalLines).toBe(181)
  })

  it('keeps the words of a criterion', () => {
    const [first] = standard.criteria
    expect(first).toMatchObject({
      section: 'S01', titleJa: '同等の賃金・労働条件', criticality: 'major', appliesTo: 'all', coreForMicro: true,
      legalBasis: expect.arrayContaining([{ law: 'ESDA', article: '9', note: 'treatment standard', effectiveFrom: '2027-04-01', verify: true }]),
      workerQuestion: { ja: '同じ仕事をする日本人と同じ賃金・待遇ですか。', adverse: 'no' },
    })
    expect(first?.requirementEn).toContain('doing the same or similar work; any difference') // folded over two lines in the file
  })

  it('has Japanese and English for everything that people read', () => {
    const kanaOrKanji = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
    const texts = [...standard.sections, ...standard.criteria]
    expect(texts.filter(({ titleJa, titleEn }) => !kanaOrKanji.test(titleJa) || kanaOrKanji.test(titleEn))).toEqual([])
  })

  it('survives the database: JSON and back is the same', () => expect(JSON.parse(JSON.stringify(standard))).toEqual(standard))
})

describe('a fault in the standard is named with its line', () => {
  it.each<[string, string, string, string]>([
    ['a count that is not true', '    criteria: 60', '    criteria: 61', 'meta.counts.criteria: says 61, the file holds 60'],
    ['a law nobody defined', '- law: PTFA', '- law: PTFX', 'RE-01.1.legalBasis.1.law: there is no law PTFX'],
    ['a law by the name of a built-in', '- law: PTFA', '- law: toString', 'RE-01.1.legalBasis.1.law: there is no law toString'],
    ['a grade nobody knows', 'criticality: major', 'criticality: huge', 'RE-01.1.criticality: Invalid option'],
    ['an unknown language', '- code: si', '- code: sinhala!', 'languages.order.12.code: sinhala! is no language tag'],
    ['a language twice', '- code: si', '- code: vi', 'languages.order.12.code: this language is listed twice'],
    ['a hole in a table', '- workers: 11-50', '- workers: 12-50', 'auditEffort.onSitePersonDays.1: begins at 12 instead of 11'],
    ['a sampling rule nobody can read', 'interviews: all', 'interviews: many',
      'interviewSampling.foreignWorkerInterviews.0.interviews: is not an interview rule'],
    ['a share nobody can read', 'second_site_same_law_unit: 60% of table', 'second_site_same_law_unit: most',
      'auditEffort.addOns.secondSiteSameLawUnit: is not a share'],
    ['a date that does not exist', "effective_from: '2027-04-01'", "effective_from: '2027-02-30'",
      'RE-01.1.legalBasis.5.effectiveFrom: Invalid ISO date'],
    ['a method nobody knows', '  - document', '  - telepathy', 'RE-01.1.auditMethods.0: Invalid option'],
  ])('%s', (_, from, to, expected) => {
    const line = standardText.slice(0, standardText.indexOf(from)).split('\n').length
    const faults = faultsOf(changed(from, to))
    expect(faults).toEqual([expect.stringMatching(`^line ${line}, `)])
    expect(faults[0]).toContain(expected)
  })

  it.each<[string, string, string, string[]]>([
    ['a section that does not exist', 'section: S01\n', 'section: S15\n',
      ['RE-01.1.section: there is no section S15', 'RE-01.1.id: id_rule asks for RE-15.n']],
    ['an id used twice', '- id: RE-01.2', '- id: RE-01.1', ['RE-01.1.id: this id is used twice']],
    ['an id against the rule', '- id: RE-01.2', '- id: RE-1.2', ['RE-1.2.id: Invalid string']],
    ['a key misspelt', '  core_for_micro: true', '  core_for_mirco: true',
      ['RE-01.1.coreForMicro: Invalid input', 'RE-01.1: Unrecognized key: "coreForMirco"']],
    ['a grade without clocks', '  - grade: minor', '  - grade: major', ['needs exactly one row for major', 'needs exactly one row for minor']],
    ['no reason for an empty legal basis', '  legal_basis_note: no domestic provision named; rests on international norms\n', '',
      ['RE-02.4: an empty legal_basis needs a legal_basis_note']],
  ])('%s', (_, from, to, expected) =>
    expect(faultsOf(changed(from, to))).toEqual(expected.map(fault => expect.stringContaining(fault))))

  it('a language left out', () =>
    expect(faultsOf(changed('  - code: mn\n    name_ja: モンゴル語\n', ''))).toEqual([expect.stringContaining('lists 15 languages instead of 16')]))

  it('a section that nothing belongs to, or that is there twice', () => {
    expect(faultsOf(changed('- id: S14\n', '- id: S15\n'))).toEqual(expect.arrayContaining([expect.stringContaining('S15: has no criterion')]))
    expect(faultsOf(changed('- id: S14\n', '- id: S13\n'))).toEqual(expect.arrayContaining([expect.stringContaining('S13.id: this id is used twice')]))
  })

  it('all of them at once', () => {
    const text = changed('    criteria: 60', '    criteria: 61').replace('- law: PTFA', '- law: PTFX')
    expect(faultsOf(text)).toHaveLength(2)
  })

  it.each([
    ['nothing', ''], ['no YAML', 'a: [b'], ['a key twice', changed('meta:', 'laws: {}\nmeta:')], ['a list', '- a'], ['a binary', '\0\u0001'],
  ])('%s', (_, text) =>
    expect(faultsOf(text).length).toBeGreaterThan(0))
})
