import type { CalendarDate } from './calendar.ts'
import type { Stage } from './lifecycle.ts'

export const sides = ['assessor', 'applicant'] as const
export type Side = (typeof sides)[number]
export type Proposal = { id: string; side: Side; startsOn: CalendarDate; endsOn: CalendarDate; answer: { outcome: 'agreed' | 'declined' } | null }

// Days are spoken about from when somebody assesses until the visit is on record.
const spoken: readonly Stage[] = ['accepted', 'desk_review', 'clarifying', 'visit_planned']
type Visit = { announced: boolean; recordedAt: Date | null } | null

/** May days still be told, proposed and answered? Before the stage of the visit the answer hangs on nothing that an unannounced visit changes. */
export const isOpenFor = (stage: Stage, visit: Visit): boolean =>
  spoken.includes(stage) && (stage !== 'visit_planned' || (visit?.announced === true && visit.recordedAt === null))

export const moves = ['closed', 'nothing_yet', 'answer', 'wait', 'agreed', 'propose_others'] as const
export type Move = (typeof moves)[number]

/** What a side has to do next, by the newest proposal. */
export function moveIn(isOpen: boolean, newest: Proposal | undefined, side: Side | null): Move {
  if (newest?.answer?.outcome === 'agreed') return 'agreed'
  if (!isOpen) return 'closed'
  if (!newest) return 'nothing_yet'
  if (newest.answer) return newest.side === side ? 'propose_others' : 'wait'
  return newest.side === side || side === null ? 'wait' : 'answer'
}

/** The days that both sides agreed on last, newest proposal first: who proposes others, or declines them, does not undo what was agreed. */
export const agreedIn = <Kept extends Proposal>(proposals: readonly Kept[]): Kept | null => proposals.find(({ answer }) => answer?.outcome === 'agreed') ?? null
