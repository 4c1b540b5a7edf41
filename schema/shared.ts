import { customType, timestamp, uuid } from 'drizzle-orm/pg-core'
import { v7 } from 'uuid'
import { z } from 'zod'

// What every table and every wire shape share. Ids are UUIDv7: made by us (Postgres 15 has none), sorted by time.
export const newId = () => v7()
export const id = () => uuid().primaryKey().$defaultFn(newId)
export const instant = () => timestamp({ withTimezone: true, mode: 'date' })
export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({ dataType: () => 'bytea', toDriver: value => Buffer.from(value) })
export const since = () => instant().notNull().defaultNow()

/** An instant on the wire: ISO 8601 in UTC outside, Date inside. */
export const Instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: text => new Date(text),
  encode: date => date.toISOString(),
})
export const LegalDate = z.iso.date()
export const Id = z.uuid()
export const ById = z.object({ id: Id })

/** Sent with every form: a form sent twice has one effect. */
export const Once = z.uuid().optional().catch(undefined)
/** Which of a page's forms was sent: it goes back with a refused one, so that what was typed stands in the right place. */
export const FormKey = z.string().max(40).optional()
/** The version the form was drawn from; another one means that somebody moved on. */
export const Version = z.coerce.number().int().min(0)
export const Choice = z.object({ value: z.string(), label: z.string() })
