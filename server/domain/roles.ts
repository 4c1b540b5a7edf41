// Who acts. An applicant speaks for one employer; the others are staff of the scheme and carry a second factor (decisions.md 16).
export const staffRoles = ['operator', 'assessor', 'decision_maker'] as const
export const roles = ['applicant', ...staffRoles] as const
export const actors = [...roles, 'clock', 'public'] as const

export type StaffRole = (typeof staffRoles)[number]
export type Role = (typeof roles)[number]
export type Actor = (typeof actors)[number]
