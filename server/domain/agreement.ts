/** Two people's ratings of one thing. */
export type Pair = readonly [first: string, second: string]

/** How far two people agree: the share of equal ratings, the share expected by chance, and Cohen's kappa between them (1: always; 0: as by chance). */
export type Agreement = { pairs: number; observed: number | null; expected: number | null; kappa: number | null }

/**
 * C28: Cohen, "A coefficient of agreement for nominal scales", 1960: kappa = (observed - expected) / (1 - expected). Where both only ever gave
 * one and the same rating chance explains everything: there is no kappa, and none is made up.
 */
export function agreementOf(pairs: readonly Pair[]): Agreement {
  const all = pairs.length
  if (all === 0) return { pairs: 0, observed: null, expected: null, kappa: null }
  const observed = pairs.filter(([first, second]) => first === second).length / all
  const expected = [...new Set(pairs.flat())].reduce((sum, rating) => sum + (pairs.filter(([first]) => first === rating).length * pairs.filter(([, second]) => second === rating).length) / all ** 2, 0)
  return { pairs: all, observed, expected, kappa: expected === 1 ? null : (observed - expected) / (1 - expected) }
}

/** How many of so many files a share comes to: never none. */
export const shareOf = (files: number, percent: number): number => Math.ceil((files * percent) / 100)
