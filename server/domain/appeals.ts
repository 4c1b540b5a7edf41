import { addDays, endOfDay, japanDate, type CalendarDate } from './calendar.ts'
import { findingStages } from './findings.ts'
import type { Grade } from './grading.ts'
import { stagesAppealedFrom, type Stage } from './lifecycle.ts'
import type { Refusal } from './refusal.ts'
import type { StandingChange } from './standing-changes.ts'

// C18, ISO/IEC 17065 7.13: against what the client may appeal, and what undoes it when the appeal is upheld. The one table: pages, checks, tests and
// migration 0022 follow it. Nothing is undone by the appeal itself: the status stays until a person who took no part decides otherwise.
export const appealable = [
  // against           about               undone by
  ['refused',          'decision',         'reopen'],        // the case is decided anew, by others, through every gate
  ['suspended',        'standing_decision', 'reinstated'],
  ['suspended_by_clock', 'clock',           'reinstated'],    // decisions.md 1: nobody decided it, and still the client may say that it was not late
  ['withdrawn',        'standing_decision', 'reinstated'],
  ['condition_set',    'standing_decision', 'condition_met'],
  ['graded',           'finding',          'graded'],        // another, lower grade takes its place
] as const satisfies readonly (readonly [string, string, StandingChange | 'reopen' | 'graded'])[]

type Row = (typeof appealable)[number]
export type AppealMatter = Row[0]
export type AppealSubject = Row[1]
export const appealMatters = appealable.map(([matter]) => matter) as [AppealMatter, ...AppealMatter[]]
export const appealSubjects = [...new Set(appealable.map(([, subject]) => subject))] as [AppealSubject, ...AppealSubject[]]
export const appealOutcomes = ['upheld', 'rejected'] as const
export type AppealOutcome = (typeof appealOutcomes)[number]
export const appealStates = ['filed', 'assigned', ...appealOutcomes] as const
export type AppealState = (typeof appealStates)[number]

export const undoneBy = (matter: AppealMatter): Row[2] => (appealable.find(([name]) => name === matter) as Row)[2]
export const matterOf = (change: string): AppealMatter | null => appealMatters.find(matter => matter === change) ?? null

type Days = { fileWithinDays: number; decideWithinDays: number }

/** The last moment for an appeal: the end of the last day in Japan. */
export const fileUntil = (decidedAt: Date, { fileWithinDays }: Days): Date => endOfDay(addDays(japanDate(decidedAt), fileWithinDays))
export const decideBy = (filedAt: Date, { decideWithinDays }: Days): CalendarDate => addDays(japanDate(filedAt), decideWithinDays)

export type Filing = { isClient: boolean; decidedAt: Date; alreadyFiled: boolean; stage: Stage; matter: AppealMatter; grade?: Grade | null | undefined; superseded?: boolean | undefined }

/** May this be appealed against now? One appeal each: an answer is an answer. */
export function mayFile({ isClient, decidedAt, alreadyFiled, matter, stage, grade, superseded }: Filing, now: Date, days: Days): { free: true } | Refusal {
  if (!isClient) return { refused: 'not_your_step' }
  if (alreadyFiled) return { refused: 'already_exists' }
  if (now > fileUntil(decidedAt, days)) return { refused: 'appeal_too_late' }
  if (matter === 'refused' && !stagesAppealedFrom.includes(stage)) return { refused: 'no_such_step' }
  if (matter === 'graded' && (superseded || !grade || lowerGrades(grade).length === 0 || !findingStages.includes(stage))) return { refused: 'closed_for_changes' }
  return { free: true }
}

const bySeverity: readonly Grade[] = ['zero_tolerance', 'major', 'minor', 'observation']

/** What an upheld appeal can make of a grade: something milder, never worse (ISO/IEC 17065 7.13.7: no appeal brings a disadvantage). */
export const lowerGrades = (grade: Grade): readonly Grade[] => (bySeverity.includes(grade) ? bySeverity.slice(bySeverity.indexOf(grade) + 1) : [])

type Deciding = { state: AppealState; isHandler: boolean; outcome: AppealOutcome; matter: AppealMatter; grade?: Grade | null; newGrade?: Grade | null }

/** Only who was put on it decides it, once; a grade that falls says to what. */
export function mayDecideAppeal({ state, isHandler, outcome, matter, grade, newGrade }: Deciding): { free: true } | Refusal {
  if (state === 'upheld' || state === 'rejected') return { refused: 'already_decided' }
  if (state !== 'assigned' || !isHandler) return { refused: 'not_your_step' }
  if (matter === 'graded' && outcome === 'upheld' && !(grade && newGrade && lowerGrades(grade).includes(newGrade))) return { refused: 'needs', missing: ['milder_grade'] }
  return { free: true }
}
