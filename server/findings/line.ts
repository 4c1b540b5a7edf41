import type { z } from 'zod'
import type { FindingLine } from '../../schema/finding-shapes.ts'
import type { Criterion } from '../../schema/standard-criterion.ts'
import { daysBetween, japanDate } from '../domain/calendar.ts'
import { isOverdue } from '../domain/deadlines.ts'
import type { Finding } from './queries.ts'

/** One finding as a list shows it: words, whose move it is and how long is left. The assessor's own date is the verification. */
export function lineOf(finding: Finding, criteria: readonly Criterion[], now: Date): z.infer<typeof FindingLine> {
  const { id, criterion, grade, statement, state, open, planAccepted, superseded, move, raisedAt, escalation, repeats } = finding
  const { titleJa, titleEn } = criteria.find(one => one.id === criterion) ?? { titleJa: criterion, titleEn: criterion }
  const due = move && (move === 'applicant' ? finding.employerDue : finding.verifiedDue)
  return { id, criterion, titleJa, titleEn, grade, statement, state, open, planAccepted, superseded, move, raisedAt, escalation, repeats, due, ...leftUntil(due, now) }
}

/** Days left in Japan's calendar, days gone by since, and whether the moment itself has passed. Null when nothing is due. */
export function leftUntil(due: Date | null, now: Date): { daysLeft: number | null; daysLate: number; overdue: boolean } {
  if (!due) return { daysLeft: null, daysLate: 0, overdue: false }
  const days = daysBetween(japanDate(now), japanDate(due))
  return { daysLeft: Math.max(0, days), daysLate: Math.max(0, -days), overdue: isOverdue(due, now) }
}
