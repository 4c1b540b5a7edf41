import type { Stage } from '../domain/lifecycle.ts'
import type { Role } from '../domain/roles.ts'

const writing: Stage[] = ['draft', 'returned']
const reviewing: Stage[] = ['accepted', 'desk_review', 'clarifying']
const onSite: Stage[] = ['visit_planned']
const later: Stage[] = ['correcting', 'awaiting_decision', 'certified', 'refused']
const submitted: Stage[] = ['submitted', ...reviewing, ...onSite, ...later, 'declined', 'withdrawn']
const everyStage: Stage[] = [...writing, ...submitted]

// Which pages of an application lead on, for whom and when. `now`: the thing to do in that stage. The pages guard themselves; this table only leads.
const doors: readonly { key: string; path: string; for: readonly Role[]; stages: readonly Stage[]; now: readonly Stage[] }[] = [
  { key: 'answers', path: '/answers', for: ['applicant'], stages: everyStage, now: writing },
  { key: 'answers', path: '/answers', for: ['operator', 'assessor', 'decision_maker'], stages: submitted, now: [] },
  { key: 'evidence', path: '/evidence', for: ['applicant', 'operator', 'assessor', 'decision_maker'], stages: everyStage, now: [] },
  { key: 'screening', path: '/screening', for: ['operator'], stages: submitted, now: ['submitted'] },
  { key: 'assignments', path: '/assignments', for: ['operator'], stages: [...reviewing, ...onSite, 'correcting'], now: ['accepted'] },
  { key: 'interests', path: '/interests', for: ['assessor'], stages: [...reviewing, ...onSite, 'correcting', 'certified'], now: [] },
  { key: 'assessment', path: '/assessment', for: ['assessor'], stages: [...reviewing, ...onSite, ...later], now: ['accepted', 'desk_review'] },
  { key: 'clarifications', path: '/clarifications', for: ['applicant'], stages: [...reviewing, ...onSite, ...later], now: ['clarifying'] },
  { key: 'clarifications', path: '/clarifications', for: ['assessor', 'operator'], stages: [...reviewing, ...onSite, ...later], now: [] },
  { key: 'visit', path: '/visit', for: ['assessor'], stages: ['desk_review', ...onSite, ...later], now: onSite },
  { key: 'visit', path: '/visit', for: ['applicant', 'operator', 'decision_maker'], stages: [...onSite, ...later], now: [] },
  { key: 'dates', path: '/visit/dates', for: ['applicant', 'assessor', 'operator'], stages: [...reviewing, ...onSite], now: [] },
  { key: 'interviews', path: '/interviews', for: ['assessor'], stages: [...onSite, 'correcting'], now: [] },
  { key: 'findings', path: '/findings', for: ['applicant', 'assessor'], stages: [...onSite, ...later], now: ['correcting'] },
  { key: 'findings', path: '/findings', for: ['operator', 'decision_maker'], stages: [...onSite, ...later], now: [] },
  { key: 'recommendation', path: '/recommendation', for: ['assessor'], stages: ['correcting', 'awaiting_decision'], now: [] },
  { key: 'decision', path: '/decision', for: ['decision_maker'], stages: ['awaiting_decision', 'certified', 'refused'], now: ['awaiting_decision'] },
  { key: 'decision', path: '/decision', for: ['applicant', 'operator'], stages: ['certified', 'refused'], now: [] }, // the outcome, how to appeal, how far the certificate is
  { key: 'objection', path: '/objection', for: ['applicant', 'operator'], stages: [...reviewing, ...onSite, 'correcting'], now: [] },
  { key: 'export', path: '/export', for: ['applicant'], stages: everyStage, now: [] },
  { key: 'export', path: '/export', for: ['operator', 'assessor', 'decision_maker'], stages: submitted, now: [] },
]

/** The doors for the roles that a viewer holds in this application, the thing to do now first. */
export function doorsOf(id: string, stage: Stage, held: readonly Role[]): { key: string; href: string; now: boolean }[] {
  const open = doors.filter(door => door.stages.includes(stage) && door.for.some(role => held.includes(role))).map(door => ({ key: door.key, href: `/applications/${id}${door.path}`, now: door.now.includes(stage) }))
  const trail = held.includes('operator') ? [{ key: 'journal', href: `/journal/${id}`, now: false }] : []
  const once = [...open, ...trail].filter((door, place, all) => all.findIndex(({ key }) => key === door.key) === place)
  return once.toSorted((one, other) => Number(other.now) - Number(one.now))
}
