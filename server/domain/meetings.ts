export const meetingKinds = ['opening', 'closing'] as const
export type MeetingKind = (typeof meetingKinds)[number]

// Who may sit there, by what they are to the case. Workers who are interviewed are not listed as such: the list goes to the employer.
export const attendeeRoles = ['employer', 'manager', 'worker_representative', 'union', 'supervising_organisation', 'assessor', 'interpreter', 'observer'] as const
export type Attendee = { role: (typeof attendeeRoles)[number]; name: string }
