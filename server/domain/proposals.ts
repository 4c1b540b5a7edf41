import { gapsOf, spokenOf, type Competence, type Gap, type Needed } from './competence.ts'
import type { TieKind } from './independence.ts'

// How far a person stands from a client, the farthest first. Whoever is tied today, or was rightly objected to (C8), is not proposed at all.
export const distances = ['nothing_known', 'assessed_before', 'tie_ended'] as const
export const exclusions = ['tied', 'objected'] as const

export type Candidate = { competences: readonly Competence[]; ties: readonly TieKind[]; endedTies: readonly TieKind[]; assessedBefore: boolean; objected: boolean; load: number }
export type Judged = { excluded: (typeof exclusions)[number] | null; gaps: Gap[]; spoken: string[]; unspoken: string[]; distance: (typeof distances)[number] }

/** C3, C20: what speaks for a person in this case and what against, every word of it shown to the one who chooses. */
export function judge(candidate: Candidate, needed: Needed): Judged {
  const spoken = spokenOf(candidate.competences, needed)
  return {
    excluded: candidate.ties.length > 0 ? 'tied' : candidate.objected ? 'objected' : null,
    gaps: gapsOf(candidate.competences, needed), spoken, unspoken: needed.languages.filter(language => !spoken.includes(language)),
    distance: candidate.endedTies.length > 0 ? 'tie_ended' : candidate.assessedBefore ? 'assessed_before' : 'nothing_known',
  }
}

type Ranked = { judged: Judged; candidate: Pick<Candidate, 'load'> }

// Whoever may not; then what is lacking, the languages, the distance, the load: the first that differs decides.
const scales: readonly ((one: Ranked) => number)[] = [
  ({ judged }) => Number(judged.excluded !== null), ({ judged }) => judged.gaps.length, ({ judged }) => judged.unspoken.length, ({ judged }) => distances.indexOf(judged.distance), ({ candidate }) => candidate.load,
]

export const byFitness = (one: Ranked, other: Ranked): number => scales.reduce((order, scale) => order || scale(one) - scale(other), 0)
