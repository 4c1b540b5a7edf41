import { addDays, type CalendarDate } from './calendar.ts'

export const standings = [
  'issuing', 'certified', 'certified_with_condition', 'suspended', 'scope_reduced',
  'withdrawn', 'expired', 'transferred', 'surrendered', 'replaced',
] as const
export type Standing = (typeof standings)[number]

export const certificateEvents = [
  'issued', 'condition_set', 'condition_met', 'suspended', 'reinstated', 'scope_reduced',
  'withdrawn', 'surrendered', 'transferred', 'replaced', 'reissued', 'prolonged',
] as const
export type CertificateEvent = { event: (typeof certificateEvents)[number]; on: CalendarDate; reasonClass?: string | null | undefined }

export type Validity = { issuedOn: CalendarDate; expiresOn: CalendarDate }
/** `reasonClass` is the reason of the event that began this standing. */
export type StandingOn = { standing: Standing; since: CalendarDate; reasonClass?: string }

/**
 * What a certificate is worth on a day, and since which day without a break, derived from its dated events and its dates.
 * Events may come in any order; those of one day count in the order given. The last day of validity counts.
 * Nothing follows an end: withdrawn, surrendered, transferred, replaced, expired. But a withdrawal that an appeal overturned is lifted, and the
 * certificate stands as it stood before (that only an appeal can do so, Postgres promises: nothing_follows_an_end).
 */
export function standing(certificate: Validity, events: readonly CertificateEvent[], today: CalendarDate): StandingOn {
  let causes: Causes = {}
  let now: StandingOn = { standing: 'issuing', since: certificate.issuedOn }
  for (const event of past(events, today < certificate.expiresOn ? today : certificate.expiresOn)) {
    causes = after(causes, event)
    now = spoken(causes, now, event.on)
  }
  const isOver = now.standing === 'issuing' || ends.some(end => end === now.standing)
  return today > certificate.expiresOn && !isOver ? { standing: 'expired', since: addDays(certificate.expiresOn, 1) } : now
}

const past = (events: readonly CertificateEvent[], last: CalendarDate) =>
  events.filter(({ on }) => on <= last).toSorted((one, other) => (one.on < other.on ? -1 : one.on > other.on ? 1 : 0))

const ends = ['withdrawn', 'surrendered', 'transferred', 'replaced'] as const
// The first that applies is what people are told: a suspension hides a reduced scope and gives it back when lifted.
const whileValid = ['suspended', 'scope_reduced', 'certified_with_condition', 'certified'] as const

type Cause = (typeof ends)[number] | (typeof whileValid)[number]
type Causes = Partial<Record<Cause, CertificateEvent>>

const effects: Record<CertificateEvent['event'], { begins?: Cause; lifts?: Cause }> = {
  issued: { begins: 'certified' },
  condition_set: { begins: 'certified_with_condition' },
  condition_met: { lifts: 'certified_with_condition' },
  suspended: { begins: 'suspended' },
  reinstated: { lifts: 'suspended' },
  scope_reduced: { begins: 'scope_reduced' },
  withdrawn: { begins: 'withdrawn' },
  surrendered: { begins: 'surrendered' },
  transferred: { begins: 'transferred' },
  replaced: { begins: 'replaced' },
  reissued: {}, // a new edition under the same number: the file changes, the standing does not
  prolonged: {}, // the same file with a longer proof
}

function after(causes: Causes, event: CertificateEvent): Causes {
  const ended = ends.find(end => causes[end])
  if (ended) return ended === 'withdrawn' && causes.certified && event.event === 'reinstated' ? without(causes, 'withdrawn') : causes
  const { begins, lifts } = effects[event.event]
  if (begins) return { ...causes, [begins]: causes[begins] ?? event }
  return without(causes, lifts)
}

const without = (causes: Causes, lifted: Cause | undefined): Causes => Object.fromEntries(Object.entries(causes).filter(([cause]) => cause !== lifted))

function spoken(causes: Causes, before: StandingOn, on: CalendarDate): StandingOn {
  const cause = ends.find(end => causes[end]) ?? (causes.certified ? whileValid.find(name => causes[name]) : undefined)
  if (!cause) return before
  const reasonClass = causes[cause]?.reasonClass
  return { standing: cause, since: cause === before.standing ? before.since : on, ...(reasonClass ? { reasonClass } : {}) }
}
