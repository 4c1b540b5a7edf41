import { z } from 'zod'
import { attendeeRoles, meetingKinds, type Attendee } from '../server/domain/meetings.ts'
import { cleanLine } from '../server/domain/text.ts'
import { CaseHead } from './case-head.ts'
import { day, oneOf, prose } from './forms.ts'
import { FormKey, Id, Instant, Once } from './shared.ts'

// One field per part that somebody may have in the room, a name a line.
const most_names = 30
const namesOf = (text: string) => text.split('\n').map(line => cleanLine(line)).filter(name => typeof name === 'string' && name !== '') as string[]
const names = () => prose(2000).default('')
const fields = Object.fromEntries(attendeeRoles.map(role => [`who_${role}`, names()])) as Record<`who_${(typeof attendeeRoles)[number]}`, ReturnType<typeof names>>
const time = z.string({ error: 'field_missing' }).regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'field_missing')

export const MeetingForm = z.object({ kind: oneOf(meetingKinds), heldOn: day(), heldTime: time, ...fields, disagreements: prose(4000).default(''), form: FormKey, once: Once })
  .transform((typed, context) => {
    const attendees: Attendee[] = attendeeRoles.flatMap(role => namesOf(typed[`who_${role}`] ?? '').map(name => ({ role, name })))
    if (!attendees.some(({ role }) => role === 'assessor')) context.addIssue({ code: 'custom', path: ['who_assessor'], message: 'field_missing' })
    if (!attendees.some(({ role }) => role === 'employer' || role === 'manager')) context.addIssue({ code: 'custom', path: ['who_employer'], message: 'field_missing' })
    if (attendees.length > most_names) context.addIssue({ code: 'custom', path: ['who_employer'], message: 'field_too_big' })
    return { kind: typed.kind, heldAt: new Date(`${typed.heldOn}T${typed.heldTime}:00+09:00`), attendees, disagreements: typed.disagreements, form: typed.form, once: typed.once }
  })

const Meeting = z.object({
  id: Id, kind: z.enum(meetingKinds), heldAt: Instant, attendees: z.array(z.object({ role: z.enum(attendeeRoles), name: z.string() })), disagreements: z.string(),
  writtenBy: z.string().nullable(), writtenAt: Instant, counts: z.boolean(),
})
export const MeetingsPage = z.object({ head: CaseHead, mayWrite: z.boolean(), today: z.string(), roles: z.array(z.enum(attendeeRoles)), meetings: z.array(Meeting) })
export const MeetingKept = z.object({ id: Id })
