import { addMonths, type CalendarDate } from './calendar.ts'
import type { Refusal } from './refusal.ts'

/** What the holder has still to do, and by which day, of a certificate that is issued all the same. */
export type Condition = { text: string; until: CalendarDate }

/** No condition outlives the first surveillance. */
export const condition_months = 12
export const longestCondition = (today: CalendarDate): CalendarDate => addMonths(today, condition_months)

/**
 * Whether a decision may certify under this condition (null: under none). `signed` is the one under which the first of two signed:
 * the second may add a condition, and drops or changes none, or the two would not have signed the same.
 */
export function mayCertifyUnder(condition: Condition | null, signed: Condition | null, today: CalendarDate): Refusal | null {
  if (signed && (condition?.text !== signed.text || condition.until !== signed.until)) return { refused: 'needs', missing: ['condition_as_signed'] }
  if (condition && (condition.until <= today || condition.until > longestCondition(today))) return { refused: 'needs', missing: ['condition_until'] }
  return null
}
