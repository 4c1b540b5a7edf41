import Handlebars from 'handlebars'
import { describe, expect, it } from 'vitest'
import { helpers } from '../../server/http/helpers.ts'
import { asMarkup, unmarked } from '../../server/http/readings.ts'

const engine = Handlebars.create()
for (const [name, helper] of Object.entries(helpers((locale, key, params) => `${locale}:${key}:${JSON.stringify(params)}`))) engine.registerHelper(name, helper)
const say = (template: string, frame: object = {}) =>
  engine.compile(template, { strict: true, noEscape: true })({ locale: 'ja', values: null, errors: null, ...frame })

describe('dates are the days and hours of Japan', () => {
  it.each([
    ['2026-11-21', 'ja', '2026年11月21日'],
    ['2026-11-21', 'en', '21 November 2026'],
    ['2026-11-20T15:00:00.000Z', 'ja', '2026年11月21日'], // midnight in Tokyo
    ['2026-11-20T14:59:59.999Z', 'ja', '2026年11月20日'],
  ])('%s in %s is %s', (at, locale, told) => {
    expect(say('{{date at}}', { at, locale })).toBe(told)
    expect(say('{{date at}}', { at: new Date(at), locale })).toBe(told)
  })
  it('tells hours with a leading zero, midnight as 00', () => {
    expect(say('{{datetime at}}', { at: '2026-11-20T15:05:00Z' })).toBe('2026年11月21日 00:05')
    expect(say('{{datetime at}}', { at: '2026-11-20T00:05:00Z', locale: 'en' })).toBe('20 November 2026 09:05')
  })
  it.each([['ja-simple', '2026年11月 20日'], ['vi', '20 tháng 11, 2026'], ['zh-Hans', '2026年11月20日'], ['id', '20 November 2026'], ['fil', 'Nobyembre 20, 2026'], ['ne', '2026 नोभेम्बर 20'], ['my', '2026 နိုဝင်ဘာ 20'], ['pt-BR', '20 de novembro de 2026']])(
    'are told in %s as %s, with the digits of the paper', (locale, told) => {
      expect(unmarked(say('{{date at}}', { at: '2026-11-20', locale }))).toBe(told)
      expect(say('{{datetime at}} {{number n}}', { at: '2026-11-20T15:05:00Z', n: 4821, locale })).toMatch(/ 00[:.]05 4[,.]?821$/)
    })
  it('refuses what is no date', () => expect(() => say('{{date at}}', { at: 'soon' })).toThrow())
})

describe('numbers', () => {
  it.each([[0, '0 B'], [1023, '1,023 B'], [1024, '1 KB'], [1_234_567, '1.2 MB'], [50 * 1024 * 1024, '50 MB']])('%i bytes are %s', (size, told) =>
    expect(say('{{bytes size}}', { size })).toBe(told))
  it.each([[0, 0, '0%'], [1, 3, '33%'], [46, 46, '100%'], [45, 46, '97%']])('%i of %i is %s, never rounded up to done', (part, whole, told) =>
    expect(say('{{percent part whole}}', { part, whole })).toBe(told))
})

describe('sentences', () => {
  it('speaks the language of the page and passes named values', () => {
    expect(say("{{t 'frame.until' date='x'}}", { locale: 'en' })).toBe('en:frame.until:{"date":"x"}')
    expect(say("{{t 'mail.code_body' params}}", { params: { minutes: 15 } })).toBe('ja:mail.code_body:{"minutes":15}')
  })
  it('shows Japanese where no English is written, and never nothing', () => {
    expect(say("{{local it 'title'}}", { locale: 'en', it: { titleJa: '賃金', titleEn: 'Wages' } })).toBe('Wages')
    expect(unmarked(say("{{local it 'title'}}", { locale: 'en', it: { titleJa: '賃金', titleEn: null } }))).toBe('賃金')
    expect(() => say("{{local it 'title'}}", { it: {} })).toThrow('titleJa')
  })
  it('says in which language the words are, where it is not the language of the page', () => {
    const told = (locale: string, it: object) => asMarkup(say("<p title='{{local it}}'>{{local it}}</p>", { locale, it }))
    const both = { ja: '賃金', en: 'Wages' }
    expect(['ja', 'ja-simple', 'en'].map(locale => told(locale, both))).toEqual(["<p title='賃金'>賃金</p>", "<p title='賃金'>賃金</p>", "<p title='Wages'>Wages</p>"])
    expect(told('my', both)).toBe(`<p title='Wages'><span lang="en">Wages</span></p>`)
    expect([told('my', { ja: '賃金' }), told('en', { ja: '賃金', en: '' })]).toEqual(Array(2).fill(`<p title='賃金'><span lang="ja">賃金</span></p>`))
    expect(asMarkup(say("{{#each (local it 'kinds') as |kind|}}{{kind}};{{/each}}", { locale: 'vi', it: { kindsJa: ['甲'], kindsEn: ['A', 'B'] } }))).toBe('<span lang="en">A</span>;<span lang="en">B</span>;')
  })
})

describe('a refused form', () => {
  const refused = { values: { form: 'a', name: 'typed', box: ['x', 'y'] }, errors: [{ field: 'name', message: 'なおしてください' }] }
  it('shows what was typed and what was wrong', () => {
    expect(say("{{valueOf 'name' 'kept'}}|{{errorOf 'name'}}", refused)).toBe('typed|なおしてください')
    expect(say("{{valueOf 'name' 'kept'}}|{{#if (errorOf 'name')}}!{{/if}}")).toBe('kept|')
  })
  it('leaves the other forms of the page alone', () => {
    expect(say("{{valueOf 'name' 'kept' form='a'}}|{{errorOf 'name' form='a'}}", refused)).toBe('typed|なおしてください')
    expect(say("{{valueOf 'name' 'kept' form='b'}}|{{#if (errorOf 'name' form='b')}}!{{/if}}", refused)).toBe('kept|')
    expect(say("{{fieldId 'name' form='a'}} {{errorId 'name'}}", refused)).toBe('field-a-name field-a-name')
  })
  it('knows an unticked box from one that was never asked', () => {
    expect(say("{{chosen 'box' 'x' 'z'}} {{chosen 'box' 'z' 'z'}} {{chosen 'gone' 'z' 'z'}}", refused)).toBe('true false false')
    expect(say("{{chosen 'box' 'z' 'z'}}")).toBe('true')
  })
})

it('marks the page and what lies under it, not what merely begins alike', () => {
  expect(say("{{under '/c/1' '/c'}} {{under '/c' '/c'}} {{under '/code' '/c'}}")).toBe('true true false')
})
