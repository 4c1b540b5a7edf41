import type { Stage } from './lifecycle.ts'

// The way as an employer sees it: seven stations, whatever happens behind them.
export const journey = ['prepare', 'screening', 'desk_review', 'visit', 'correction', 'decision', 'certificate'] as const
export type Station = (typeof journey)[number]

const stations: Record<Stage, Station> = {
  draft: 'prepare', returned: 'prepare', submitted: 'screening', declined: 'screening', accepted: 'desk_review', desk_review: 'desk_review', clarifying: 'desk_review',
  visit_planned: 'visit', correcting: 'correction', awaiting_decision: 'decision', refused: 'decision', certified: 'certificate', withdrawn: 'prepare',
}

/** The journey with what is done and where it stands. `left`: the stage that a withdrawn application was in. */
export function journeyAt(stage: Stage, left: Stage | null = null): { key: Station; state: 'done' | 'current' | 'next' }[] {
  const here = journey.indexOf(stations[stage === 'withdrawn' && left ? left : stage])
  return journey.map((key, place) => ({ key, state: place < here || stage === 'certified' ? 'done' : place === here ? 'current' : 'next' }))
}
