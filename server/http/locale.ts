import { readdirSync, readFileSync } from 'node:fs'
import type { FastifyRequest } from 'fastify'

export const locales = ['ja', 'en'] as const
export type Locale = (typeof locales)[number]
export type Params = Record<string, string | number>
export type Translate = (key: string, params?: Params) => string

const root = new URL('../../templates/locales/', import.meta.url)
const words = Object.fromEntries(locales.map(locale => [locale, wordsOf(locale)])) as Record<Locale, Map<string, string>>

/** The sentence of a key in a language, `{name}` filled in. A missing key throws: test/pages finds it before a reader does. */
export function translate(locale: Locale, key: string, params: Params = {}): string {
  const sentence = words[locale].get(key)
  if (sentence === undefined) throw new Error(`no words for ${key} in ${locale}`)
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
}

export const knows = (locale: Locale, key: string) => words[locale].has(key)
export const asLocale = (value: unknown): Locale => locales.find(locale => locale === value) ?? 'ja'

/** ?lang= → cookie (not on a page that caches share) → Accept-Language → Japanese. */
export function localeOf(request: FastifyRequest, shared = false): Locale {
  const asked = (request.query as { lang?: unknown } | undefined)?.lang
  const wanted = [asked, shared ? undefined : request.cookies.lang, ...String(request.headers['accept-language'] ?? '').split(',').map(part => part.trim().slice(0, 2))]
  return locales.find(locale => locale === wanted.find(value => locales.includes(value as Locale))) ?? 'ja'
}

function wordsOf(locale: Locale): Map<string, string> {
  const folder = new URL(`${locale}/`, root)
  return new Map(readdirSync(folder).filter(file => file.endsWith('.json')).flatMap(file => {
    const noun = file.replace('.json', '')
    const sentences = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, string>
    return Object.entries(sentences).map(([key, sentence]) => [`${noun}.${key}`, sentence] as const)
  }))
}
