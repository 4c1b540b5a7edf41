import { grades } from '../domain/grading.ts'
import { readRange } from '../domain/ranges.ts'
import type { StandardDocument } from '../../schema/standard-document.ts'

export type Fault = { path: readonly PropertyKey[]; message: string }

// What a shape alone cannot say: the parts of the standard agree with each other.
export const faultsIn = (standard: StandardDocument): Fault[] => [
  ...wrongCounts(standard),
  ...standard.criteria.flatMap((criterion, index) => faultsOfCriterion(standard, criterion, index)),
  ...repeated(standard.sections.map(({ id }) => id)).map(index => ({ path: ['sections', index, 'id'], message: 'this id is used twice' })),
  ...emptySections(standard),
  ...wrongLanguages(standard),
  ...grades.filter(grade => standard.grading.findingGrades.filter(row => row.grade === grade).length !== 1)
    .map(grade => ({ path: ['grading', 'findingGrades'], message: `needs exactly one row for ${grade}` })),
  ...brokenTables(standard),
]

function wrongCounts({ meta, criteria, sections, laws }: StandardDocument): Fault[] {
  const lines = criteria.flatMap(({ legalBasis }) => legalBasis)
  const graded = (grade: string) => criteria.filter(({ criticality }) => criticality === grade).length
  const counted: typeof meta.counts = {
    criteria: criteria.length, sections: sections.length, laws: Object.keys(laws).length,
    zeroTolerance: graded('zero_tolerance'), major: graded('major'), minor: graded('minor'),
    coreForMicro: criteria.filter(({ coreForMicro }) => coreForMicro).length,
    workerQuestions: criteria.filter(({ workerQuestion }) => workerQuestion).length,
    automatedChecks: criteria.filter(({ automatedCheck }) => automatedCheck).length,
    legalLines: lines.length, legalLinesToVerify: lines.filter(({ verify }) => verify).length,
  }
  return (Object.keys(counted) as (keyof typeof counted)[]).filter(name => counted[name] !== meta.counts[name])
    .map(name => ({ path: ['meta', 'counts', name], message: `says ${meta.counts[name]}, the file holds ${counted[name]}` }))
}

type Criterion = StandardDocument['criteria'][number]

function faultsOfCriterion({ meta, sections, laws, criteria }: StandardDocument, criterion: Criterion, index: number): Fault[] {
  const at = (...path: PropertyKey[]) => ['criteria', index, ...path]
  const expected = `${meta.code}-${criterion.section.slice(1)}.`
  return [
    ...unless(sections.some(({ id }) => id === criterion.section), at('section'), `there is no section ${criterion.section}`),
    ...unless(criterion.id.startsWith(expected), at('id'), `id_rule asks for ${expected}n`),
    ...unless(criteria.findIndex(({ id }) => id === criterion.id) === index, at('id'), 'this id is used twice'),
    ...criterion.legalBasis.flatMap(({ law }, line) =>
      unless(Object.hasOwn(laws, law), at('legalBasis', line, 'law'), `there is no law ${law}`)),
  ]
}

const emptySections = ({ sections, criteria }: StandardDocument): Fault[] =>
  sections.flatMap(({ id }, index) => unless(criteria.some(({ section }) => section === id), ['sections', index], 'has no criterion'))

// decisions.md 10: workers are asked in sixteen languages.
const worker_languages = 16

function wrongLanguages({ languages }: StandardDocument): Fault[] {
  const codes = languages.order.map(({ code }) => code)
  const path = ['languages', 'order']
  return [
    ...unless(codes.length === worker_languages, path, `lists ${codes.length} languages instead of ${worker_languages}`),
    ...codes.flatMap((code, index) => unless(isLanguage(code), [...path, index, 'code'], `${code} is no language tag`)),
    ...repeated(codes).map(index => ({ path: [...path, index, 'code'], message: 'this language is listed twice' })),
  ]
}

function isLanguage(code: string): boolean {
  try {
    return Intl.getCanonicalLocales(code)[0] === code
  } catch {
    return false
  }
}

function brokenTables({ auditEffort, interviewSampling }: StandardDocument): Fault[] {
  const tables: [PropertyKey[], string[]][] = [
    [['auditEffort', 'onSitePersonDays'], auditEffort.onSitePersonDays.map(({ workers }) => workers)],
    [['auditEffort', 'amforiBsciComparison'], auditEffort.amforiBsciComparison.map(({ workers }) => workers)],
    [['interviewSampling', 'foreignWorkerInterviews'], interviewSampling.foreignWorkerInterviews.map(({ foreignWorkers }) => foreignWorkers)],
  ]
  return tables.flatMap(([path, ranges]) => ranges.flatMap((range, index) => {
    const expected = index === 0 ? 1 : readRange(ranges[index - 1] ?? '').most + 1
    return unless(readRange(range).least === expected, [...path, index], `begins at ${readRange(range).least} instead of ${expected}`)
  }))
}

const unless = (holds: boolean, path: PropertyKey[], message: string): Fault[] => (holds ? [] : [{ path, message }])

const repeated = (values: readonly string[]): number[] => values.flatMap((value, index) => (values.indexOf(value) === index ? [] : [index]))
