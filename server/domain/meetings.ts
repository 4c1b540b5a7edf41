import { japanDate, type CalendarDate } from './calendar.ts'

export const meetingKinds = ['opening', 'closing'] as const
export type MeetingKind = (typeof meetingKinds)[number]

// Who may sit there, by what they are to the case. Workers who are interviewed are not listed as such: the list goes to the employer.
export const attendeeRoles = ['employer', 'manager', 'worker_representative', 'union', 'supervising_organisation', 'assessor', 'interpreter', 'observer'] as const
export type Attendee = { role: (typeof attendeeRoles)[number]; name: string }

export const meetingFaults = ['visit_over', 'meeting_in_the_visit', 'meetings_in_order'] as const
export type MeetingFault = (typeof meetingFaults)[number]
type Moments = { startsOn: CalendarDate; begunAt: Date | null; stageSince: Date; now: Date }
type Told = { kind: MeetingKind; heldAt: Date; writtenAt: Date }

/**
 * What is wrong with the time of a meeting; `before` newest first, the newest of a kind counts. A closing meeting follows the opening one, whichever is
 * written (again) last. A visit that was opened again has an opening of its own after the earlier closing.
 */
export function meetingFaultsOf({ kind, heldAt }: Pick<Told, 'kind' | 'heldAt'>, before: readonly Told[], { startsOn, begunAt, stageSince, now }: Moments): MeetingFault[] {
  const newest = (of: MeetingKind) => before.find(meeting => meeting.kind === of)
  const opening = newest('opening'), closing = newest('closing')
  const table: readonly (readonly [MeetingFault, boolean])[] = [
    ['visit_over', heldAt > now],
    ['meeting_in_the_visit', japanDate(heldAt) < (begunAt ? japanDate(begunAt) : startsOn)],
    ['meetings_in_order', kind === 'closing' ? opening !== undefined && heldAt < opening.heldAt : closing !== undefined && closing.writtenAt >= stageSince && heldAt > closing.heldAt],
  ]
  return table.flatMap(([fault, stands]) => (stands ? [fault] : []))
}
