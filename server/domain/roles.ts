// Who acts. An applicant speaks for one employer; staff of the scheme carry a second factor (decisions.md 16). A buyer watches, and has no part in any case.
export const staffRoles = ['operator', 'assessor', 'decision_maker'] as const
export const caseRoles = ['applicant', ...staffRoles] as const
export const roles = [...caseRoles, 'buyer'] as const
export const actors = [...roles, 'clock', 'public'] as const

export type StaffRole = (typeof staffRoles)[number]
export type CaseRole = (typeof caseRoles)[number]
export type Role = (typeof roles)[number]
export type Actor = (typeof actors)[number]
