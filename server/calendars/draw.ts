import ical from 'ical-generator'
import { addDays } from '../domain/calendar.ts'
import { translate, type Locale } from '../http/locale.ts'
import type { Entry } from './dates.ts'

/** RFC 5545. Whole days, so that no zone moves them; the end of a day is the day after, as the format has it. */
export function drawCalendar(entries: readonly Entry[], { locale, publicUrl, now }: { locale: Locale; publicUrl: string; now: Date }): string {
  const calendar = ical({ name: translate(locale, 'calendars.name'), prodId: { company: 'Akashi', product: 'calendar', language: locale.toUpperCase() }, ttl: 3600 })
  for (const { id, what, name, from, until, path } of entries) {
    calendar.createEvent({
      id: `${id}@akashi`, start: new Date(`${from}T00:00:00Z`), end: new Date(`${addDays(until, 1)}T00:00:00Z`), allDay: true, timezone: 'UTC', stamp: now,
      summary: translate(locale, `calendars.event_${what}`, { name }), url: `${publicUrl}${path}`,
    })
  }
  return calendar.toString()
}
