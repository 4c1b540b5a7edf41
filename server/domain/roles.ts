// Who acts. An applicant speaks for one employer; staff of the scheme carry a second factor (decisions.md 16). A buyer watches, and has no part in any case.
// The impartiality committee (C21, ISO/IEC 17065 5.2) looks at how the work is done and holds no role in any case.
export const staffInCases = ['operator', 'assessor', 'decision_maker'] as const
export const staffRoles = [...staffInCases, 'committee_member'] as const
export const caseRoles = ['applicant', ...staffInCases] as const
export const roles = [...caseRoles, 'committee_member', 'buyer'] as const
export const actors = [...roles, 'clock', 'public'] as const

export type StaffRole = (typeof staffRoles)[number]
export type CaseRole = (typeof caseRoles)[number]
export type Role = (typeof roles)[number]
export type Actor = (typeof actors)[number]
