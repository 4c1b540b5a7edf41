// How a supplier came to its place on the register: said to the buyer beside each row, so that a match explains itself (peers.md 19).
export const matchReasons = ['number', 'corporate_number', 'corrected_number', 'name_and_prefecture', 'name', 'chosen'] as const
export type MatchReason = (typeof matchReasons)[number]

/** What a buyer may want of a supplier by a date: certified, or certified and trusted by its workers (domain.md, tiers). */
export const wantedLevels = ['T3', 'T4'] as const
export type WantedLevel = (typeof wantedLevels)[number]
export const mostTiers = 9
