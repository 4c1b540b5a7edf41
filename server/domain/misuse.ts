import { addBusinessDays, addDays, type CalendarDate } from './calendar.ts'
import type { Refusal } from './refusal.ts'

// C23, ISO/IEC 17065 4.1.3: what the secretariat does about a report that a certificate or mark is misused. A note leaves it where it stands.
export const misuseSteps = ['taken_up', 'note', 'founded', 'unfounded'] as const
export type MisuseStep = (typeof misuseSteps)[number]
export const misuseStates = ['new', 'taken_up', 'founded', 'unfounded'] as const
export type MisuseState = (typeof misuseStates)[number]

// A report is answered only after somebody took it up; one that was closed can be taken up again, never closed twice.
const ways: Record<MisuseState, readonly MisuseStep[]> = {
  new: ['taken_up', 'note'],
  taken_up: ['note', 'founded', 'unfounded'],
  founded: ['taken_up', 'note'],
  unfounded: ['taken_up', 'note'],
}

/** Where a report stands after these steps, oldest first. */
export const misuseState = (steps: readonly MisuseStep[]): MisuseState => steps.findLast(step => step !== 'note') as Exclude<MisuseStep, 'note'> | undefined ?? 'new'

export const stepsFrom = (state: MisuseState): readonly MisuseStep[] => ways[state]

export const mayTake = (state: MisuseState, step: MisuseStep): { free: true } | Refusal => (ways[state].includes(step) ? { free: true } : { refused: 'no_such_step' })

/** The standard's clock for complaints (grading.complaint): until when it is taken up, until when the reporter who asked for it has an answer. */
export function misuseDues(reportedOn: CalendarDate, { acknowledgeBusinessDays, firstReplyDays }: { acknowledgeBusinessDays: number; firstReplyDays: number }) {
  return { takenUpBy: addBusinessDays(reportedOn, acknowledgeBusinessDays), answeredBy: addDays(reportedOn, firstReplyDays) }
}
