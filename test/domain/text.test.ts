import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanLine, cleanText, countCharacters, foldDigits, isKana, isLatinName } from '../../server/domain/text.ts'

const unusable = { refused: 'text_unusable' }

describe('what people type', () => {
  it.each([
    ['a variant of a kanji', '葛󠄀城'], ['a kanji outside the usual set', '髙橋プレス㈱'], ['a compatibility kanji', '\uFA19\uFA12 \uF9DC'],
    ['decomposed kana from a Mac', 'か\u3099っこう'], ['half-width kana', 'ｶﾌﾞｼｷｶﾞｲｼｬ'], ['full-width letters', 'ＡＢＣ１２３'],
    ['an emoji family', '👨‍👩‍👧 👍🏽'], ['letters from right to left', 'שלום علیکم'],
    ['Sinhala with joiners', 'ක්‍රියා'], ['Burmese', 'မြန်မာ'], ['HTML', '<script>alert(1)</script>'],
    ['a polytonic ohm', '\u2126'],
  ])('is kept byte for byte: %s', (_, text) => expect([cleanLine(text), cleanText(text)]).toEqual([text, text]))

  it('composes Latin letters and only these', () => {
    const decomposed = 'Nguyễn Thị Ngọc Ánh'.normalize('NFD')
    expect(cleanLine(`${decomposed} か\u3099 \uFA19`)).toBe('Nguyễn Thị Ngọc Ánh か\u3099 \uFA19')
  })

  it.each([
    ['NUL', 'a\0b'], ['a lone high surrogate', 'a\uD83D'], ['a lone low surrogate', '\uDE00a'],
    ['a bell', 'a\u0007'], ['an escape', '\u001B[31m'], ['delete', 'a\u007F'],
    ['a C1 control', 'a\u0090'], ['a reversed reading order', 'invoice\u202Efdp.exe'], ['a non-character', 'a\uFFFF'],
  ])('is refused, never repaired: %s', (_, text) => expect([cleanLine(text), cleanText(text)]).toEqual([unusable, unusable]))

  it('becomes one line, or keeps its lines', () => {
    expect(cleanLine('  株式会社\r\n 山田\tプレス\u3000\u2028')).toBe('株式会社  山田 プレス')
    expect(cleanText('\n一行目\r\n二行目\r三行目\v四行目\u2028五行目\n\n ')).toBe('一行目\n二行目\n三行目\n四行目\n五行目')
    expect([cleanLine(' \u3000\n'), cleanText('')]).toEqual(['', ''])
  })

  it('is clean after cleaning, and well-formed text without controls is never refused', () => {
    const typed = fc.string({ unit: 'grapheme', maxLength: 60 })
    fc.assert(fc.property(typed, text => {
      const line = cleanLine(text)
      if (typeof line !== 'string') throw new Error('refused')
      expect(cleanLine(line)).toBe(line)
      expect(line.normalize('NFC')).toBe(text.trim().normalize('NFC'))
    }))
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), text => {
      const cleaned = cleanText(text)
      if (typeof cleaned === 'string') expect(cleanText(cleaned)).toBe(cleaned)
    }))
  })
})

describe('numbers and names', () => {
  it.each([
    ['１，２００', '1,200'], [' ２０２７－０１－０５ ', '2027-01-05'], ['２０２７ー０１ー０５', '2027-01-05'], 
    ['０３（１２３４）５６７８', '03(1234)5678'], ['１２名', '12名'], ['プレー', 'プレー'],
  ])('%s is meant as %s', (typed, meant) => expect(foldDigits(typed)).toBe(meant))

  it.each(['ヤマダプレス', 'やまだ ぷれす', 'ヤマダ・プレス　コウギョウ', 'ｶﾌﾞｼｷｶﾞｲｼｬ ﾔﾏﾀﾞ', 'ヴァン・デル', 'か\u3099'])('%s is kana', text =>
    expect(isKana(text)).toBe(true))
  it.each(['山田プレス', 'Yamada', 'ヤマダ1', '', ' ', 'ー', '・', 'ヤマダ!', '㌔'])('%j is no kana', text => expect(isKana(text)).toBe(false))

  it.each(['Yamada Press Co., Ltd.', 'Nguyễn Thị Ngọc Ánh', 'Nguyễn'.normalize('NFD'), "O'Brien & Sons (Japan)", '3M Japan', 'Łódź', 'A/S Møller-Mærsk'])(
    '%s is a Latin name', text => expect(isLatinName(text)).toBe(true))
  it.each(['山田', 'Ｙａｍａｄａ', 'Ямада', '123', '', '---', 'Yamada<b>', 'Yamada 山田', 'Yamada\n', '👍'])('%j is no Latin name', text =>
    expect(isLatinName(text)).toBe(false))

  it('counts as people do', () => expect(['髙橋', '𠮷野家', '👍', ''].map(countCharacters)).toEqual([2, 3, 1, 0]))
})
