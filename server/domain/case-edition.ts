import { staffInCases, type CaseRole } from './roles.ts'

const everybody = ['applicant', ...staffInCases] as const
const staff = staffInCases
const hearers = ['assessor', 'decision_maker'] as const
const aftermath = ['applicant', 'operator', 'decision_maker'] as const // decided by people, told to the holder
const between = ['applicant', 'operator', 'assessor'] as const // who plans, who goes, who is visited

/**
 * Which part of a case goes to whom when it is taken along whole (C19). It widens nobody's view: what workers said is for those who evaluate and decide, also as the sample
 * that names their places (domain.md 9); who looked at what is for the secretariat; the employer gets what its own pages show.
 */
export const caseSections = {
  application: everybody, standard: everybody, people: everybody, agreements: everybody, answers: everybody, evidence: everybody, documents: everybody, screenings: everybody, team: everybody,
  interests: staff, objections: ['applicant', 'operator'], clarifications: everybody, ratings: everybody, marks: staff, unavailable_days: everybody, date_proposals: everybody, date_answers: everybody,
  visit: everybody, plan_numbers: everybody, meetings: everybody, draws: hearers, interviews: hearers, notes: staff, photo_consents: staff,
  notebook_versions: hearers, notebook_landings: hearers, notebook_files: hearers, notebook_takeouts: hearers, // interviews are written in it
  findings: everybody, finding_steps: everybody, finding_responses: everybody, finding_reviews: everybody, finding_closures: everybody, finding_clock: everybody, corrections: everybody,
  recommendations: staff, signatures: ['decision_maker'], decisions: everybody, certificates: everybody, standing: everybody, history: everybody, journal: ['operator'],
  appeals: ['applicant', 'operator'], appeal_assignments: ['operator'], appeal_decisions: ['applicant', 'operator'],
  standing_decisions: aftermath, change_reports: aftermath, change_reviews: aftermath, surveillance_visits: between, surveillance_outcomes: between, surveillance_wishes: between,
} as const satisfies Record<string, readonly CaseRole[]>

/**
 * What hangs on a case and is no part of it for anybody, by the names of its tables: whoever complains is promised that nobody of the case reads it (C18), a second scoring
 * measures assessors and is blind (C28), who watches is nobody's knowledge, and who pays no assessor's (C21). Each export says so, whether there is any or not.
 */
export const keptApart = ['complaints', 'misuse_reports', 'second_scorings', 'sponsorships', 'alerts'] as const
export type CaseSection = keyof typeof caseSections
export const sectionNames = Object.keys(caseSections) as CaseSection[]

/** As whom this person takes the case along. Who also belongs to the employer gets the employer's edition; who has not declared yet is no assessor here (C3). */
export function readersOf({ held, declared }: { held: readonly string[]; declared: boolean }): CaseRole[] {
  if (held.includes('applicant')) return ['applicant']
  return staff.filter(role => held.includes(role) && (role !== 'assessor' || declared))
}

/** The employer hears of ratings with the decision, not before. */
export const mayTake = (section: CaseSection, readers: readonly CaseRole[], { decided }: { decided: boolean }): boolean =>
  readers.some(reader => (caseSections[section] as readonly CaseRole[]).includes(reader)) && (section !== 'ratings' || decided || !readers.includes('applicant'))

const secrets: Record<string, CaseSection> = { interviews: 'interviews', draws: 'draws', notebook: 'interviews' } // a notebook holds interviews too

/** The same for a row of the sealed dossier, by its name there. The employer has no part of it but its hash. */
export const mayTakeRow = (part: string, readers: readonly CaseRole[]): boolean => {
  const section = secrets[part.split('/')[0] ?? '']
  return !readers.includes('applicant') && (section === undefined || mayTake(section, readers, { decided: true }))
}
