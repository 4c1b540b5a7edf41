import type { HelperDelegate, HelperOptions } from 'handlebars'

export type Locale = 'ja' | 'en'
/** One sentence in one language; throws when the key or a named value is missing. */
export type Translate = (locale: Locale, key: string, params: Record<string, unknown>) => string

type Frame = { locale: Locale; values?: Record<string, unknown>; errors?: { field: string; message: string }[] }

/** What templates may call. Everything is read from the page's own context; the locale is `@root.locale`. */
export const helpers = (translate: Translate): Record<string, HelperDelegate> => ({
  // {{t 'noun.key'}}, {{t 'noun.key' name=x}} or {{t 'noun.key' objectOfParams}}
  t: (key: string, params: Record<string, unknown> | HelperOptions, last?: HelperOptions) => {
    const options = last ?? (params as HelperOptions)
    return translate(frame(options).locale, key, { ...(last ? params : {}), ...options.hash })
  },
  local: (thing: Record<string, unknown>, field: string, options: HelperOptions) => inLocale(thing, field, frame(options).locale),
  ...formats,
  ...logic,
  ...forms,
})

const frame = (options: HelperOptions): Frame => options.data.root

// Japanese is the language of the scheme; where English has not been written the Japanese stands.
function inLocale(thing: Record<string, unknown>, field: string, locale: Locale) {
  const text = (locale === 'en' ? thing[`${field}En`] : null) ?? thing[`${field}Ja`]
  if (text == null) throw new Error(`local: no ${field}Ja on this object`)
  return text
}

const formats: Record<string, HelperDelegate> = {
  date: (at: string | Date, options: HelperOptions) => format(frame(options).locale, { dateStyle: 'long' }, at),
  datetime: (at: string | Date, options: HelperOptions) => {
    const { locale } = frame(options)
    return `${format(locale, { dateStyle: 'long' }, at)} ${format(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, at)}`
  },
  iso: (at: string | Date) => (typeof at === 'string' ? at : at.toISOString()),
  number: (value: number, options: HelperOptions) => new Intl.NumberFormat(frame(options).locale).format(value),
  percent: (part: number, whole: number) => `${whole > 0 ? Math.floor((part / whole) * 100) : 0}%`,
  bytes: (size: number, options: HelperOptions) => {
    const step = size < 1024 ? 0 : size < 1024 ** 2 ? 1 : 2
    const shown = new Intl.NumberFormat(frame(options).locale, { maximumFractionDigits: step === 2 ? 1 : 0 }).format(size / 1024 ** step)
    return `${shown} ${['B', 'KB', 'MB'][step]}`
  },
}

// A legal date is a day in Japan, an instant is shown in Japan's time: deadlines of the scheme end with the Japanese day.
function format(locale: Locale, style: Intl.DateTimeFormatOptions, at: string | Date) {
  const instant = typeof at === 'string' ? new Date(/^\d{4}-\d\d-\d\d$/.test(at) ? `${at}T00:00:00+09:00` : at) : at
  return new Intl.DateTimeFormat(locale === 'ja' ? 'ja-JP' : 'en-GB', { ...style, timeZone: 'Asia/Tokyo' }).format(instant)
}

const operands = (all: unknown[]) => all.slice(0, -1)

const logic: Record<string, HelperDelegate> = {
  eq: (a: unknown, b: unknown) => a === b,
  ne: (a: unknown, b: unknown) => a !== b,
  gt: (a: number, b: number) => a > b,
  not: (value: unknown) => !filled(value),
  and: (...all: unknown[]) => operands(all).every(filled) && operands(all).at(-1),
  or: (...all: unknown[]) => operands(all).find(filled),
  has: (thing: object | null | undefined, field: string) => (thing as Record<string, unknown> | null | undefined)?.[field] != null,
  includes: (many: string | unknown[] | null | undefined, one: unknown) => Boolean(many?.includes(one as string)),
  under: (path: string, root: string) => path === root || path.startsWith(`${root}/`),
  concat: (...all: unknown[]) => operands(all).join(''),
  array: (...all: unknown[]) => operands(all),
  hash: (options: HelperOptions) => options.hash,
}

// As Handlebars' own `if`: an empty list counts as nothing, zero does too.
const filled = (value: unknown) => (Array.isArray(value) ? value.length > 0 : Boolean(value))

// When a page carries several forms, each has a key that travels as the hidden field `form`;
// what was typed and what was wrong then belong to that form alone.
const concerns = (options: HelperOptions) => !options.hash['form'] || frame(options).values?.['form'] === options.hash['form']
const typed = (field: string, options: HelperOptions) => (concerns(options) ? frame(options).values?.[field] : undefined)

const forms: Record<string, HelperDelegate> = {
  valueOf: (field: string, fallback: unknown, options: HelperOptions) => typed(field, options) ?? fallback ?? '',
  errorOf: (field: string, options: HelperOptions) =>
    (concerns(options) ? frame(options).errors?.find(error => error.field === field)?.message : undefined),
  fieldId: (field: string, options: HelperOptions) => ['field', options.hash['form'], field].filter(Boolean).join('-'),
  errorId: (field: string, options: HelperOptions) =>
    ['field', frame(options).values?.['form'], field].filter(Boolean).join('-'),
  // An unticked box is not sent at all, so a refused form without the field means "nothing chosen".
  chosen: (field: string, value: unknown, fallback: unknown, options: HelperOptions) => {
    const refused = frame(options).values != null && concerns(options)
    const chosen = refused ? typed(field, options) : fallback
    return Array.isArray(chosen) ? chosen.map(String).includes(String(value)) : chosen != null && String(chosen) === String(value)
  },
}
