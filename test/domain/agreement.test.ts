import fc from 'fast-check'
import { expect, it } from 'vitest'
import { agreementOf, shareOf, type Pair } from '../../server/domain/agreement.ts'

/** A table as books print it: rows are the first person's ratings, columns the second's. */
const from = (table: number[][]): Pair[] => table.flatMap((row, first) => row.flatMap((count, second) => Array.from({ length: count }, () => [`${first}`, `${second}`] as const)))

it.each([
  ['Wikipedia, "Cohen\'s kappa", simple example', [[20, 5], [10, 15]], 0.7, 0.5, 0.4],
  ['the same, same percentages but different numbers, first', [[45, 15], [25, 15]], 0.6, 0.54, 0.1304],
  ['the same, second', [[25, 35], [5, 35]], 0.6, 0.46, 0.2593],
  ['Altman, Practical Statistics for Medical Research, 1991: two readers of 85 xeromammograms', [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]], 0.6353, 0.3082, 0.47],
])('reckons %s', (_, table, observed, expected, kappa) => {
  const found = agreementOf(from(table))
  expect(found.observed).toBeCloseTo(observed, 4)
  expect(found.expected).toBeCloseTo(expected, 4)
  expect(found.kappa).toBeCloseTo(kappa, kappa === 0.47 ? 2 : 4)
})

it('has no kappa where nothing was compared, or where both only know one rating', () => {
  expect(agreementOf([])).toEqual({ pairs: 0, observed: null, expected: null, kappa: null })
  expect(agreementOf(from([[7]]))).toEqual({ pairs: 7, observed: 1, expected: 1, kappa: null })
})

it('is 1 for twins, never above, and does not care who came first', () => {
  const rating = fc.constantFrom('conforms', 'minor', 'major'), pairs = fc.array(fc.tuple(rating, rating), { minLength: 1, maxLength: 60 })
  fc.assert(fc.property(pairs, all => {
    const { kappa } = agreementOf(all), turned = agreementOf(all.map(([first, second]) => [second, first] as const)).kappa
    const twins = agreementOf(all.map(([first]) => [first, first] as const)).kappa
    return (kappa === null || (kappa <= 1 + 1e-12 && Math.abs(kappa - (turned ?? Number.NaN)) < 1e-9)) && (twins === null || Math.abs(twins - 1) < 1e-9)
  }))
})

it.each([[0, 0], [1, 1], [9, 1], [10, 1], [11, 2], [100, 10]])('of %i files a tenth is %i', (files, some) => expect(shareOf(files, 10)).toBe(some))
