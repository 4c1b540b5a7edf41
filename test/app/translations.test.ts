import { expect, it } from 'vitest'
import { interviewLanguages } from '../../server/domain/interviews.ts'
import { stage } from '../support/world.ts'

const { as } = await stage()

it('tells the operator which languages are whole, and which a speaker has read', async () => {
  const { body } = await as('suzuki').get('/translations')
  expect(body.languages.map(({ locale, checked }: { locale: string; checked: boolean | null }) => [locale, checked])).toEqual([
    ['ja', null], ['ja-simple', false], ['en', null], ['vi', false], ['zh-Hans', false], ['id', false], ['fil', false], ['ne', false], ['my', false], ['pt-BR', false],
  ])
  for (const { written, of } of body.languages) expect([written > 200, written]).toEqual([true, of])
  const { text } = await as('suzuki').page('/translations')
  expect([text.split('>未確認<').length - 1, text.split('>原文<').length - 1, text.includes('lang="my"'), text.includes('2026年11月21日')]).toEqual([8 + 15, 2 + 2, true, true])
})

it('counts the questions to workers with them: every language of an interview, whole, and how many sentences wait for a speaker', async () => {
  const { body } = await as('suzuki').get('/translations')
  expect(body.questions.map(({ locale }: { locale: string }) => locale)).toEqual([...interviewLanguages])
  for (const { locale, checked, by, written, of } of body.questions) expect([locale, checked, by, written, of]).toEqual([locale, ...(['ja', 'en'].includes(locale) ? [null, ''] : [false, 'machine']), 37, 37])
  expect(body.unchecked).toEqual({ languages: 15, sentences: 15 * 37 })
  const { text } = await as('suzuki').page('/translations')
  expect([text.includes('15言語'), text.includes('555問'), text.includes('<span lang="km">ខ្មែរ</span>')]).toEqual([true, true, true])
  expect((await as('sato').get('/translations')).status).toBe(403)
})
