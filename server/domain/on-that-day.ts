import { addDays, type CalendarDate } from './calendar.ts'
import { standing, type CertificateEvent, type StandingOn, type Validity } from './standing.ts'

/** `until`: the last day on which that held, null when it still does. */
export type OnThatDay = StandingOn & { on: CalendarDate; until: CalendarDate | null }

/**
 * What a certificate was worth on a day up to today (peers.md 3.3): an order is judged by the day it was given, not by the day of the question.
 * A day before the issue has the standing `issuing`: not yet issued.
 */
export function onThatDay(certificate: Validity, events: readonly CertificateEvent[], { on, today }: { on: CalendarDate; today: CalendarDate }): OnThatDay {
  const then = standing(certificate, events, on)
  const turns = [...events.map(event => event.on), addDays(certificate.expiresOn, 1)].filter(day => day > on && day <= today).sort()
  const turn = turns.find(day => !isSame(standing(certificate, events, day), then))
  return { ...then, on, until: turn ? addDays(turn, -1) : null }
}

const isSame = (one: StandingOn, other: StandingOn) => one.standing === other.standing && one.since === other.since
