import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { locales, publicLocales, publicNouns, type PublicLocale } from '../../server/http/locale.ts'

const root = new URL('../..', import.meta.url).pathname
const source = (file: string) => readFileSync(path.join(root, file), 'utf8')
const nounOf = (file: string) => path.basename(file).split('.')[0] ?? ''
const sentencesIn = (file: string) => Object.entries(JSON.parse(source(file)) as Record<string, string>).map(([key, sentence]) => ({ key: `${nounOf(file)}.${key}`, sentence }))
const filesOf = (locale: PublicLocale) => globSync(`templates/locales/${locale}/[a-z]*.json`, { cwd: root })
const isPublic = (file: string) => !file.endsWith('.inside.json') && publicNouns.some(noun => noun === nounOf(file))
const all = (locale: PublicLocale) => filesOf(locale).flatMap(sentencesIn)
const open = (locale: PublicLocale) => filesOf(locale).filter(isPublic).flatMap(sentencesIn)
const others = publicLocales.filter(locale => !locales.some(one => one === locale))

const paramsIn = (sentence: string) => [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort().join(' ')
const asAsked = (sentences: { key: string; sentence: string }[]) => sentences.map(({ key, sentence }) => `${key} {${paramsIn(sentence)}}`).sort()

describe('words', () => {
  it('for those inside are the same keys with the same parameters in both languages', () => {
    expect(all('ja').length).toBeGreaterThan(500)
    expect(asAsked(all('en'))).toEqual(asAsked(all('ja')))
  })

  it.each(others)('for everybody are the same keys with the same parameters in %s, and nothing else is translated', locale => {
    expect(open('en').length).toBeGreaterThan(200)
    expect(asAsked(open(locale))).toEqual(asAsked(open('en')))
    expect(filesOf(locale).filter(file => !isPublic(file))).toEqual([])
    expect(open(locale).filter(({ sentence }) => sentence.trim() === '')).toEqual([])
  })

  it('exist for every key that a template names', () => {
    const named = globSync('templates/**/*.hbs', { cwd: root }).flatMap(keysNamedIn)
    expect(named.length).toBeGreaterThan(100)
    const known = all('ja')
    expect(named.filter(({ key }) => !existsAmong(known, key))).toEqual([])
  })

  it('that a page for everybody names are public words', () => {
    const pages = globSync('templates/**/*.hbs', { cwd: root }).filter(file => ['problems/show', 'offline/kept', 'badges/frame'].some(name => file === `templates/${name}.hbs`) || source(file).includes('{{#> _public '))
    expect(pages.length).toBeGreaterThan(5)
    const known = open('ja')
    expect([...reached(pages)].flatMap(keysNamedIn).filter(({ key }) => !existsAmong(known, key))).toEqual([])
  })

  it.each(others)('in %s say who made them and whether a speaker has read them', locale => {
    expect(JSON.parse(source(`templates/locales/${locale}/_translation.json`))).toEqual({ checked: expect.any(Boolean), by: expect.stringMatching(/\S/), at: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
  })
})

describe('readings', () => {
  const simple = open('ja-simple').map(({ key, sentence }) => ({ key, sentence, bare: sentence.replace(/｜\p{Script=Han}[\p{Script=Han}ぁ-ゖァ-ヺー]*《[ぁ-ゖー]+》/gu, '') }))

  it('stand on every kanji of easy Japanese', () => {
    expect(simple.filter(({ sentence }) => sentence.includes('《')).length).toBeGreaterThan(100)
    expect(simple.filter(({ bare }) => /[\p{Script=Han}｜《]/u.test(bare))).toEqual([])
  })

  it.each(publicLocales.filter(locale => locale !== 'ja-simple'))('are written nowhere in %s', locale =>
    expect(all(locale).filter(({ sentence }) => /｜|《[ぁ-ゖー]+》|[\uFDD0-\uFDEF]/.test(sentence))).toEqual([]))
})

const keysNamedIn = (file: string) => [...source(file).matchAll(/\(?t '([\w-]+\.[\w-]+)'/g)].map(([, key = '']) => ({ file, key }))

// A key that ends with _ is put together from a value: at least one of its kind must exist.
const existsAmong = (sentences: { key: string }[], key: string) => sentences.some(one => (key.endsWith('_') ? one.key.startsWith(key) : one.key === key))

// The pages and whatever they include. The frame of those inside is left out: on a page for everybody nobody is signed in.
function reached(pages: string[], seen = new Set<string>()): Set<string> {
  for (const file of pages.filter(page => !seen.has(page))) {
    seen.add(file)
    reached([...source(file).matchAll(/\{\{~?#?> ([\w/-]+)/g)].map(([, name]) => `templates/${name}.hbs`).filter(name => !/_layout|parts\/viewer/.test(name)), seen)
  }
  return seen
}
