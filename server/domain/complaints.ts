import { addBusinessDays, addDays, type CalendarDate } from './calendar.ts'
import type { Refusal } from './refusal.ts'

// C18, ISO/IEC 17065 7.13: complaints against a certified employer or against us. Acknowledged, given to somebody without a tie, answered once.
export const complaintTargets = ['employer', 'scheme'] as const
export type ComplaintTarget = (typeof complaintTargets)[number]
export const complaintSteps = ['acknowledged', 'assigned', 'note', 'upheld', 'not_upheld'] as const
export type ComplaintStep = (typeof complaintSteps)[number]
export const complaintStates = ['new', 'acknowledged', 'assigned', 'upheld', 'not_upheld'] as const
export type ComplaintState = (typeof complaintStates)[number]

type Taker = 'operator' | 'handler'

// Who takes which step where. The secretariat receives and hands over; the one it was handed to answers. An answer ends it. The one table.
export const complaintWays = [
  // from           step            by
  ['new',           'acknowledged', 'operator'],
  ['new',           'note',         'operator'],
  ['acknowledged',  'assigned',     'operator'],
  ['acknowledged',  'note',         'operator'],
  ['assigned',      'assigned',     'operator'], // to somebody else
  ['assigned',      'note',         'operator'],
  ['assigned',      'note',         'handler'],
  ['assigned',      'upheld',       'handler'],
  ['assigned',      'not_upheld',   'handler'],
] as const satisfies readonly (readonly [ComplaintState, ComplaintStep, Taker])[]

/** Where a complaint stands after these steps, oldest first. */
export const complaintState = (steps: readonly ComplaintStep[]): ComplaintState =>
  steps.findLast((step): step is Exclude<ComplaintStep, 'note'> => step !== 'note') ?? 'new'

export const complaintStepsFrom = (state: ComplaintState, by: readonly Taker[]): ComplaintStep[] =>
  complaintSteps.filter(step => complaintWays.some(([from, name, taker]) => from === state && name === step && by.includes(taker)))

export function mayTakeComplaintStep(state: ComplaintState, step: ComplaintStep, by: readonly Taker[]): { free: true } | Refusal {
  if (complaintStepsFrom(state, by).includes(step)) return { free: true }
  return { refused: complaintWays.some(([from, name]) => from === state && name === step) ? 'not_your_step' : 'no_such_step' }
}

/** The standard's clock (grading.complaint): acknowledged in business days, answered in days. */
export const complaintDues = (filedOn: CalendarDate, { acknowledgeBusinessDays, firstReplyDays }: { acknowledgeBusinessDays: number; firstReplyDays: number }) =>
  ({ acknowledgeBy: addBusinessDays(filedOn, acknowledgeBusinessDays), answerBy: addDays(filedOn, firstReplyDays) })
