import { readdirSync, readFileSync } from 'node:fs'
import type { FastifyRequest } from 'fastify'
import { negotiate } from './negotiation.ts'
import { foreign, marked, unmarked } from './readings.ts'

/** Pages for those who sign in. */
export const locales = ['ja', 'en'] as const
/** Pages for everybody (decisions.md 10). ja-simple is easy Japanese with readings. */
export const publicLocales = ['ja', 'ja-simple', 'en', 'vi', 'zh-Hans', 'id', 'fil', 'ne', 'my', 'pt-BR'] as const
/** What public pages say: templates/locales/<each of ten>/<noun>.json. Beside it, <noun>.inside.json holds what only pages in two languages say. */
export const publicNouns = ['badges', 'certificates', 'check-file', 'complaints', 'frame', 'home', 'keys', 'misuse', 'offline', 'problems', 'register', 'standard'] as const

export type Locale = (typeof locales)[number]
export type PublicLocale = (typeof publicLocales)[number]
export type Params = Record<string, string | number>
export type Translate = (key: string, params?: Params) => string

/** Each language in its own words, as the language menu says it. */
export const languageNames: Record<PublicLocale, string> = {
  ja: '日本語', 'ja-simple': 'やさしい にほんご', en: 'English', vi: 'Tiếng Việt', 'zh-Hans': '简体中文', id: 'Bahasa Indonesia', fil: 'Filipino', ne: 'नेपाली', my: 'မြန်မာ', 'pt-BR': 'Português (Brasil)',
}

const root = new URL('../../templates/locales/', import.meta.url)
const words = Object.fromEntries(publicLocales.map(locale => [locale, wordsOf(locale)])) as Record<PublicLocale, Map<string, string>>
const publicKeys = [...wordsOf('ja', publicNouns.map(noun => `${noun}.json`)).keys()]

/** Who made a translation, and whether a speaker has read it. Japanese and English are what the others were made from. */
export type Translation = { checked: boolean; by: string; at: string }
export const translations = Object.fromEntries(publicLocales.flatMap(locale => (isLocale(locale) ? [] : [[locale, translationOf(locale)]]))) as Partial<Record<PublicLocale, Translation>>
export const isChecked = (locale: PublicLocale): boolean => translations[locale]?.checked ?? true

/** How many of the sentences for everybody a language has; the rest would be said in English. */
export const coverage = (locale: PublicLocale) => ({ written: publicKeys.filter(key => words[locale].has(key)).length, of: publicKeys.length })

/** The sentence of a key with `{name}` filled in, and with marks (readings.ts) that only a page understands. A missing key throws: test/architecture finds it before a reader does. */
export function sentence(locale: PublicLocale, key: string, params: Params = {}): string {
  const written = words[locale].get(key) ?? borrowed(locale, key)
  if (written === undefined) throw new Error(`no words for ${key} in ${locale}`)
  return written.includes('{') ? written.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '')) : written
}

/** The sentence as plain text: for JSON, mails, attributes. */
export const translate = (locale: PublicLocale, key: string, params: Params = {}): string => {
  const said = sentence(locale, key, params)
  return isLocale(locale) ? said : unmarked(said)
}

export const knows = (locale: PublicLocale, key: string) => words[locale].has(key) || borrowed(locale, key) !== undefined
export const asLocale = (value: unknown): Locale => locales.find(locale => locale === value) ?? 'ja'

// What only the pages inside say can still reach a public one (a refusal that nobody foresaw): then English, and easy Japanese borrows Japanese.
function borrowed(locale: PublicLocale, key: string): string | undefined {
  if (isLocale(locale)) return undefined
  const found = words[locale === 'ja-simple' ? 'ja' : 'en'].get(key)
  return found !== undefined && locale !== 'ja-simple' ? foreign(found, 'en') : found
}

type Reach = { open: boolean; shared: boolean }

/** ?lang= → cookie (not on a page that caches share) → Accept-Language → Japanese; among ten languages on an open page, two elsewhere. */
export function localeOf(request: FastifyRequest, { open, shared }: Reach): PublicLocale {
  const spoken: readonly PublicLocale[] = open ? publicLocales : locales
  const asked = (request.query as { lang?: unknown } | undefined)?.lang
  return [asked, shared ? undefined : request.cookies?.lang].map(wish => spoken.find(locale => locale === wish)).find(Boolean)
    ?? negotiate(request.headers['accept-language'], spoken.filter(locale => locale !== 'ja-simple')) ?? 'ja' // easy Japanese is only ever chosen
}

function isLocale(locale: PublicLocale): locale is Locale {
  return locale === 'ja' || locale === 'en'
}

function translationOf(locale: PublicLocale): Translation {
  return JSON.parse(readFileSync(new URL(`${locale}/_translation.json`, root), 'utf8')) as Translation
}

function wordsOf(locale: PublicLocale, files = readdirSync(new URL(locale, root)).filter(file => /^[a-z].*\.json$/.test(file))): Map<string, string> {
  const folder = new URL(`${locale}/`, root)
  return new Map(files.flatMap(file => {
    const noun = file.split('.')[0]
    const sentences = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, string>
    return Object.entries(sentences).map(([key, written]) => [`${noun}.${key}`, locale === 'ja-simple' ? marked(written) : written] as const)
  }))
}
