import type { Refusal } from './refusal.ts'
import type { Role } from './roles.ts'

const toCertify = ['independent_decider', 'reasons_given', 'dossier_sealed', 'evaluators_declared', 'no_blocking_findings', 'voice_gate', 'fee_gate', 'second_signature'] as const
const toSubmit = ['profile_complete', 'agreements_signed', 'answers_complete', 'evidence_complete'] as const

// The one table of an application's life. Database enum, zod enum, buttons, permission checks and tests derive from it.
export const lifecycle = [
  // from                 action               to                   by                needs
  ['draft',               'submit',            'submitted',         'applicant',      toSubmit],
  ['returned',            'submit',            'submitted',         'applicant',      toSubmit],
  ['submitted',           'return',            'returned',          'operator',       ['reasons_given']],
  ['submitted',           'decline',           'declined',          'operator',       ['reasons_given']],
  ['submitted',           'accept',            'accepted',          'operator',       []],
  ['accepted',            'begin_review',      'desk_review',       'assessor',       ['interests_declared']],
  ['desk_review',         'ask',               'clarifying',        'assessor',       ['questions_asked']],
  ['clarifying',          'answer',            'desk_review',       'applicant',      ['questions_answered']],
  ['desk_review',         'plan_visit',        'visit_planned',     'assessor',       ['criteria_rated', 'visit_planned']],
  ['visit_planned',       'close_visit',       'correcting',        'assessor',       ['criteria_rated', 'visit_recorded', 'interviews_held', 'findings_raised', 'fee_debt_raised']],
  ['correcting',          'reopen_visit',      'visit_planned',     'assessor',       ['reasons_given']], // more voices to hear, more to see
  ['correcting',          'recommend',         'awaiting_decision', 'assessor',       ['no_blocking_findings', 'recommendation_written']],
  ['correcting',          'recommend_refusal', 'awaiting_decision', 'assessor',       ['recommendation_written']],
  // ISO/IEC 17065 7.6.2: whoever evaluated may not decide. decisions.md 2 and 3 are the fee gate and the voice gate. Two sign a first certificate (domain.md, decision rule).
  ['awaiting_decision',   'certify',           'certified',         'decision_maker', toCertify],
  ['awaiting_decision',   'refuse',            'refused',           'decision_maker', ['independent_decider', 'reasons_given', 'dossier_sealed']],
  // ISO/IEC 17065 7.13: only an appeal that people who took no part have upheld leads out of an end. The case is then decided anew, through the same gates.
  ['refused',             'reopen',            'awaiting_decision', 'decision_maker', ['appeal_upheld']],
  ['draft',               'withdraw',          'withdrawn',         'applicant',      []],
  ['returned',            'withdraw',          'withdrawn',         'applicant',      []],
  ['submitted',           'withdraw',          'withdrawn',         'applicant',      []],
  ['accepted',            'withdraw',          'withdrawn',         'applicant',      []],
  ['desk_review',         'withdraw',          'withdrawn',         'applicant',      []],
  ['clarifying',          'withdraw',          'withdrawn',         'applicant',      []],
  ['visit_planned',       'withdraw',          'withdrawn',         'applicant',      []],
  ['correcting',          'withdraw',          'withdrawn',         'applicant',      []],
] as const satisfies readonly (readonly [string, string, string, Role, readonly string[]])[]

type Row = (typeof lifecycle)[number]
export type Stage = Row[0] | Row[2]
export type Action = Row[1]
export type Need = Row[4][number]
export type Facts = Record<Need, boolean>

const unique = <T>(values: readonly T[]) => [...new Set(values)]
export const stages = unique(lifecycle.flatMap(([from, , to]) => [from, to])) as [Stage, ...Stage[]]
export const actions = unique(lifecycle.map(row => row[1])) as [Action, ...Action[]]
export const needs = unique(lifecycle.flatMap(row => [...row[4]])) as [Need, ...Need[]]

/** Ends that an appeal can undo. */
export const stagesAppealedFrom: readonly Stage[] = lifecycle.filter(([, action]) => action === 'reopen').map(([from]) => from)

/** Stages that no row leaves, but for an appeal: the application has come to its end. */
export const endStages = stages.filter(stage => !lifecycle.some(([from, action]) => from === stage && action !== 'reopen'))
export const isOpen = (stage: Stage) => !endStages.includes(stage)

/** One step: the next stage, or why not. Roles are those that the person holds in this very application. */
export function step(from: Stage, action: Action, held: readonly Role[], facts: Facts): { stage: Stage; as: Role } | Refusal {
  const row = lifecycle.find(([stage, name]) => stage === from && name === action)
  if (!row) return { refused: 'no_such_step' }
  const [, , to, by, required] = row
  if (!held.includes(by)) return { refused: 'not_your_step' }
  const missing = required.filter(need => !facts[need])
  if (missing.length > 0) return missing.includes('independent_decider') ? { refused: 'not_independent', missing } : { refused: 'needs', missing }
  return { stage: to, as: by }
}

/** What this person may do here, with what is still missing: exactly the buttons of the page. */
export function actionsFrom(from: Stage, held: readonly Role[], facts: Facts): { action: Action; missing: Need[] }[] {
  return lifecycle
    .filter(([stage, , , by]) => stage === from && held.includes(by))
    .map(([, action, , , required]) => ({ action, missing: required.filter(need => !facts[need]) }))
}

/** Whose move it is: the role of the first row that leads on from here. */
export const moveOf = (stage: Stage): Role | null =>
  lifecycle.find(([from, action]) => from === stage && action !== 'withdraw' && action !== 'reopen')?.[3] ?? null
