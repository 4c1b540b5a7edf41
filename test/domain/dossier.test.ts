import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { canonical, type Plain } from '../../server/domain/dossier.ts'

const plain = fc.letrec<{ value: Plain }>(tie => ({
  value: fc.oneof({ maxDepth: 3 }, fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 })),
})).value

describe('the canonical text of a file', () => {
  it('sorts names, keeps the order of lists, and leaves no white space', () => {
    expect(canonical({ b: [2, 1], a: { 'い': null, 'あ': '髙' }, B: true })).toBe('{"B":true,"a":{"あ":"髙","い":null},"b":[2,1]}')
  })

  it('says everything that the file says', () => fc.assert(fc.property(plain, file => {
    expect(JSON.parse(canonical(file))).toEqual(JSON.parse(JSON.stringify(file)))
  })))

  it('does not depend on the order in which names were written', () => fc.assert(fc.property(fc.dictionary(fc.string(), plain, { maxKeys: 6 }), file => {
    expect(canonical(Object.fromEntries(Object.entries(file).toReversed()))).toBe(canonical(file))
  })))

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '\uD83D'])('refuses %j, which JSON cannot say', value => {
    expect(() => canonical([value])).toThrow(RangeError)
  })
})
