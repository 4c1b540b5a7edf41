import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { QuestionsFile } from '../../schema/standard-questions.ts'
import { answersTo, interviewLanguages, type InterviewLanguage } from '../../server/domain/interviews.ts'
import { languageNames } from '../../server/http/locale.ts'
import { workerQuestions } from '../../server/standard/questions.ts'
import { standard } from '../support/standard.ts'

const folder = new URL('../../schema/standards/questions/', import.meta.url)
const fileOf = (language: string) => JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8')) as Record<string, unknown> & { questions: Record<string, string>; promise: string; answers: Record<string, string> }
const inForce = { id: 're-0.1.0', content: standard }
const asked = standard.criteria.flatMap(({ id, workerQuestion }) => (workerQuestion ? [{ id, ...workerQuestion }] : []))
const translated = interviewLanguages.filter(language => language !== 'ja' && language !== 'en')

// Simplified forms: the 6,763 characters of GB 2312, which has no traditional one beside its simplified one.
const bytes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, step) => from + step)
const simplified = new Set(bytes(0xb0, 0xf7).flatMap(lead => [...new TextDecoder('gbk').decode(new Uint8Array(bytes(0xa1, 0xfe).flatMap(trail => [lead, trail])))]))

// Letters and their signs; digits, spaces and punctuation are of no script (Common).
const scripts: Record<(typeof translated)[number], RegExp> = {
  vi: /^\p{Script=Latin}$/u, fil: /^[A-Za-zñÑ]$/, id: /^[A-Za-z]$/, 'pt-BR': /^[A-Za-zÀ-ÿ]$/, es: /^[A-Za-záéíóúüñÁÉÍÓÚÜÑ]$/,
  'zh-Hans': /^\p{Script=Han}$/u, ne: /^\p{Script=Devanagari}$/u, my: /^\p{Script=Myanmar}$/u, ko: /^\p{Script=Hangul}$/u, th: /^\p{Script=Thai}$/u,
  km: /^\p{Script=Khmer}$/u, si: /^\p{Script=Sinhala}$/u, bn: /^\p{Script=Bengali}$/u, mn: /^[А-Яа-яЁёӨөҮү]$/, 'ja-simple': /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u,
}
const lettersOf = (text: string) => [...text.normalize('NFC')].filter(sign => /[\p{L}\p{M}]/u.test(sign) && sign !== 'ー')
const textsOf = (language: string) => {
  const { questions, promise, answers, name } = fileOf(language)
  return [...Object.values(questions ?? {}), promise, ...Object.values(answers), language === 'ja-simple' ? promise : String(name)]
}

it('there is a file for every language of an interview, and no other', () => {
  expect(readdirSync(folder).sort()).toEqual(interviewLanguages.map(language => `${language}.json`).sort())
  expect([asked.length, translated.length]).toEqual([standard.meta.counts.workerQuestions, 15])
})

describe.each(translated)('the questions in %s', language => {
  const file = fileOf(language)

  it('are those of the standard, all of them and no others, each its own sentence', () => {
    expect(Object.keys(file.questions).sort()).toEqual(asked.map(({ id }) => id).sort())
    expect(new Set(Object.values(file.questions)).size).toBe(asked.length)
    expect(workerQuestions(inForce, language).questions.map(one => [one.criterion, one.language])).toEqual(asked.map(({ id }) => [id, language]))
  })

  it('say that no speaker has checked them, until one has', () => {
    expect(file).toMatchObject({ standard: 're-0.1.0', checked: expect.any(Boolean), by: expect.stringMatching(/\S/), at: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
    if (file.by === 'machine') expect(file.checked).toBe(false)
  })

  it('are nowhere left in English, nor unfinished', () => {
    const originals = [...asked.flatMap(({ en, ja }) => [en, ja]), fileOf('en').promise, fileOf('ja').promise]
    expect([...Object.values(file.questions), file.promise].filter(text => originals.includes(text))).toEqual([])
    expect(textsOf(language).filter(text => /[{}<>[\]_]|\?\?|\.\.\.|…|TODO|XXX|RE-\d|\uFFFD|^\s|\s$|\s\s/.test(text))).toEqual([])
  })

  it('are written in the letters of the language', () => {
    const letters = textsOf(language).flatMap(lettersOf)
    expect(letters.length).toBeGreaterThan(500)
    expect([...new Set(letters.filter(letter => !scripts[language].test(letter)))]).toEqual([])
  })

  it('keep the numbers of the standard, and end as a question does', () => {
    const numbers = (text: string): string[] => text.match(/\d+/g) ?? []
    expect(asked.filter(({ id, en }) => !numbers(en).every(number => numbers(file.questions[id] ?? '').includes(number)))).toEqual([])
    const end = { my: /။$/, th: /[\u0E00-\u0E7F]$/, 'ja-simple': /か。$/ }[language as string] ?? /[?？]$/
    expect(Object.values(file.questions).filter(text => !end.test(text))).toEqual([])
  })

  it('have a promise and answers that nobody takes for one another', () => {
    const { promise, answers } = workerQuestions(inForce, language)
    expect(promise.length).toBeGreaterThan(10)
    expect(new Set(Object.values(answers)).size).toBe(6)
  })
})

it('Chinese has simplified forms only', () => {
  expect([simplified.size > 6700, simplified.has('东'), simplified.has('東'), simplified.has('険')]).toEqual([true, true, false, false])
  expect([...new Set(textsOf('zh-Hans').flatMap(lettersOf).filter(letter => !simplified.has(letter)))]).toEqual([])
})

it('easy Japanese has a reading on every kanji, and a reader without ruby sees it in brackets', () => {
  const bare = textsOf('ja-simple').map(text => text.replace(/｜\p{Script=Han}+《[ぁ-ゖー]+》/gu, ''))
  expect(bare.filter(text => /[\p{Script=Han}｜《》]/u.test(text))).toEqual([])
  const shown = workerQuestions(inForce, 'ja-simple')
  expect([shown.answers.hours, [...shown.questions.map(({ text }) => text), shown.promise].filter(text => /[｜《》]/.test(text))]).toEqual(['時間（じかん）', []])
})

it('Japanese and English are the words of the standard itself', () => {
  for (const language of ['ja', 'en'] as const) expect(workerQuestions(inForce, language)).toMatchObject({ checked: null, questions: asked.map(one => ({ criterion: one.id, language, text: one[language] })) })
})

it('a language is named as the public pages name it', () => {
  for (const [locale, name] of Object.entries(languageNames)) expect(workerQuestions(inForce, locale as InterviewLanguage).name).toBe(name)
})

it('a translation counts for the version that it was made from: of another a worker reads the original, and the page knows', () => {
  const next = { id: 're-0.2.0', content: standard }
  expect(workerQuestions(next, 'my').questions[0]).toEqual({ criterion: 'RE-01.1', language: 'en', text: asked[0]?.en, offered: ['yes', 'no', 'rather_not'], adverse: 'no' })
  expect(workerQuestions(next, 'ja-simple').questions[0]).toMatchObject({ language: 'ja', text: asked[0]?.ja })
})

it('the answer that is a warning sign can be given, and so can none', () => {
  for (const { adverse } of asked) {
    expect(answersTo(adverse)).toContain('rather_not')
    expect(answersTo(adverse)).toContain(adverse.startsWith('>') ? 'hours' : adverse)
  }
  expect([answersTo('stop'), answersTo('>60')]).toEqual([['help', 'stop', 'rather_not'], ['hours', 'rather_not']])
})

it('a file that hides whether it was checked, lacks an answer or leaves a sentence empty is refused', () => {
  const { checked: _, ...silent } = fileOf('vi')
  const { hours: __, ...five } = fileOf('vi').answers
  const faulty = [silent, { ...fileOf('vi'), answers: five }, { ...fileOf('vi'), questions: { 'RE-01.1': ' ' } }, { ...fileOf('vi'), checked: null }, { ...fileOf('vi'), official: true }]
  expect([fileOf('vi'), ...faulty].map(file => QuestionsFile.safeParse(file).success)).toEqual([true, false, false, false, false, false])
})
