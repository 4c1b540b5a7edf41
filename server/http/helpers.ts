import type { HelperDelegate, HelperOptions } from 'handlebars'
import type { PublicLocale as Locale } from './locale.ts'
import { foreign, read } from './readings.ts'

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
  // {{local thing 'name'}} for nameJa and nameEn, {{local thing}} for ja and en: what exists in two languages only
  local: (thing: Record<string, unknown>, field: string | HelperOptions, last?: HelperOptions) =>
    (last ? inLocale(thing, `${field}Ja`, `${field}En`, frame(last).locale) : inLocale(thing, 'ja', 'en', frame(field as HelperOptions).locale)),
  ...formats,
  ...logic,
  ...forms,
})

const frame = (options: HelperOptions): Frame => options.data.root

// Japanese is the language of the scheme; where English has not been written the Japanese stands. To readers of a third
// language both are foreign words, and marked as such (WCAG 3.1.2).
function inLocale(thing: Record<string, unknown>, ja: string, en: string, locale: Locale): unknown {
  const english = locale === 'ja' || locale === 'ja-simple' ? null : thing[en] || null
  const text = english ?? thing[ja]
  if (text == null) throw new Error(`local: no ${ja} on this object`)
  const lang = english === null ? 'ja' : 'en'
  if (locale === lang || locale === 'ja-simple') return text
  const mark = (word: unknown) => foreign(String(word), lang)
  return Array.isArray(text) ? text.map(mark) : mark(text)
}

const formats: Record<string, HelperDelegate> = {
  date: (at: string | Date, options: HelperOptions) => dateIn(frame(options).locale, at),
  datetime: (at: string | Date, options: HelperOptions) => {
    const { locale } = frame(options)
    return `${dateIn(locale, at)} ${instants(locale, 'time').format(instantOf(at))}`
  },
  iso: (at: string | Date) => (typeof at === 'string' ? at : at.toISOString()),
  number: (value: number, options: HelperOptions) => numbers(frame(options).locale, 0).format(value),
  /** Two digits behind the point; nothing where there is no number. */
  decimal: (value: number | null, options: HelperOptions) => (value === null ? '' : numbers(frame(options).locale, 2).format(value)),
  percent: (part: number, whole: number) => `${whole > 0 ? Math.floor((part / whole) * 100) : 0}%`,
  bytes: (size: number, options: HelperOptions) => {
    const step = size < 1024 ? 0 : size < 1024 ** 2 ? 1 : 2
    return `${numbers(frame(options).locale, step === 2 ? 1 : 0).format(size / 1024 ** step)} ${['B', 'KB', 'MB'][step]}`
  },
}

// How Intl calls each language. Nepali and Burmese have digits of their own; the paper has 0-9, and a date or a size is there to be compared with it.
const tags: Record<Locale, string> = {
  ja: 'ja-JP', 'ja-simple': 'ja-JP', en: 'en-GB', vi: 'vi-VN', 'zh-Hans': 'zh-Hans-CN', id: 'id-ID', fil: 'fil-PH', ne: 'ne-NP-u-ca-gregory-nu-latn', my: 'my-MM-u-ca-gregory-nu-latn', 'pt-BR': 'pt-BR',
}

// Making a formatter costs a hundred times what using it costs, and a public page shows a dozen dates.
function kept<Formatter>(make: (locale: Locale, kind: string | number) => Formatter) {
  const made = new Map<string, Formatter>()
  return (locale: Locale, kind: string | number): Formatter => {
    const known = made.get(locale + kind)
    if (known) return known
    const formatter = make(locale, kind)
    made.set(locale + kind, formatter)
    return formatter
  }
}

const numbers = kept((locale, digits) => new Intl.NumberFormat(tags[locale], { maximumFractionDigits: Number(digits) }))
const instants = kept((locale, kind) => new Intl.DateTimeFormat(tags[locale], {
  ...(kind === 'date' ? { dateStyle: 'long' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }), timeZone: 'Asia/Tokyo',
}))

// A legal date is a day in Japan, an instant is shown in Japan's time: deadlines of the scheme end with the Japanese day.
const instantOf = (at: string | Date) => (typeof at === 'string' ? new Date(/^\d{4}-\d\d-\d\d$/.test(at) ? `${at}T00:00:00+09:00` : at) : at)

export function dateIn(locale: Locale, at: string | Date): string {
  const date = instants(locale, 'date').format(instantOf(at))
  return locale === 'ja-simple' ? date.replace(/^(\d+)年(\d+)月(\d+)日$/, (_, year, month, day) => `${year}${read('年', 'ねん')}${month}${read('月', 'がつ')}${dayRead(day)}`) : date
}

// The days whose names are not their numbers: a longer reading, which needs room.
const namedDays: Record<string, string> = {
  1: 'ついたち', 2: 'ふつか', 3: 'みっか', 4: 'よっか', 5: 'いつか', 6: 'むいか', 7: 'なのか', 8: 'ようか', 9: 'ここのか', 10: 'とおか', 14: 'じゅうよっか', 20: 'はつか', 24: 'にじゅうよっか',
}
const dayRead = (day: string) => (namedDays[day] ? ` ${read(`${day}日`, namedDays[day])}` : `${day}${read('日', 'にち')}`)

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
