import { expect, it } from 'vitest'
import { stage } from '../support/world.ts'

const { as } = await stage()

it('tells the operator which languages are whole, and which a speaker has read', async () => {
  const { body } = await as('suzuki').get('/translations')
  expect(body.languages.map(({ locale, checked }: { locale: string; checked: boolean | null }) => [locale, checked])).toEqual([
    ['ja', null], ['ja-simple', false], ['en', null], ['vi', false], ['zh-Hans', false], ['id', false], ['fil', false], ['ne', false], ['my', false], ['pt-BR', false],
  ])
  for (const { written, of } of body.languages) expect([written > 200, written]).toEqual([true, of])
  const { text } = await as('suzuki').page('/translations')
  expect([text.split('未確認').length - 1, text.split('原文').length - 1, text.includes('lang="my"'), text.includes('2026年11月21日')]).toEqual([8, 2, true, true])
})
