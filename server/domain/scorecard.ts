import type { SectionResult } from './statement.ts'

type Rating = { criterion: string; rating: string }
type Open = { criterion: string; open: boolean; grade: string }

/** RE-03.1 → S03 */
export const sectionOf = (criterion: string) => `S${criterion.slice(3, 5)}`

/** A section on the certificate. Only minors may be open when a certificate is given, so nothing worse has a word here. */
export function sectionResult(section: string, ratings: readonly Rating[], findings: readonly Open[]): SectionResult {
  if (findings.some(({ criterion, open, grade }) => open && grade === 'minor' && sectionOf(criterion) === section)) return 'minor_open'
  const rated = ratings.filter(({ criterion, rating }) => sectionOf(criterion) === section && rating !== 'not_applicable')
  return rated.length > 0 ? 'conforms' : 'not_applicable'
}

export const counted = ['conforms', 'minor', 'major', 'zero_tolerance', 'not_applicable'] as const

/** How the criteria of one section were rated, for the one who decides. */
export const tallyOf = (section: string, ratings: readonly Rating[]): Record<(typeof counted)[number], number> =>
  Object.fromEntries(counted.map(value => [value, ratings.filter(({ criterion, rating }) => rating === value && sectionOf(criterion) === section).length])) as Record<(typeof counted)[number], number>
