// C2, ISO/IEC 17065 7.3.1: is the client one that this scheme is for? Signs for the operator, who judges.
export const scopeSigns = ['employs_foreign_workers', 'small_or_medium', 'workplace_named'] as const
export type ScopeSign = (typeof scopeSigns)[number]

type Applicant = { workers: number; foreignWorkers: number; sites: readonly { kind: string }[] }

// SME Basic Act art. 2: manufacturing up to 300 workers; the effort table of the standard ends there too.
const most_workers = 300

export const signsOfScope = ({ workers, foreignWorkers, sites }: Applicant): { sign: ScopeSign; holds: boolean }[] => [
  { sign: 'employs_foreign_workers', holds: foreignWorkers > 0 },
  { sign: 'small_or_medium', holds: workers <= most_workers },
  { sign: 'workplace_named', holds: sites.some(({ kind }) => kind === 'workplace') },
]
