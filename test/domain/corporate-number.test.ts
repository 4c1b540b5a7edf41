import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { corporateCheckDigit, readCorporateNumber } from '../../server/domain/corporate-number.ts'

describe('a corporate number', () => {
  it.each([
    ['the National Tax Agency', '7000012050002'], ['Toyota Motor', '1180301018771'], ['the Digital Agency', '8000012010038'],
    ['the worked example', '7123456789012'],
  ])('of %s is right', (_, corporateNumber) => expect(readCorporateNumber(corporateNumber)).toEqual({ corporateNumber }))

  it.each(['７０００ ０１２０ ５０００２', ' 7-0000-1205-0002 ', 'T7000012050002', 'Ｔ７０００－０１２０－５０００２', '7000012050002\n'])('is read from %j', typed =>
    expect(readCorporateNumber(typed)).toEqual({ corporateNumber: '7000012050002' }))

  it.each(['', '123', '70000120500021', '000012050002', '0000012050002', '700001205000x', '七〇〇〇〇一二〇五〇〇〇二', '\0'])(
    '%j has not 13 digits', typed =>
    expect(readCorporateNumber(typed)).toEqual({ refused: 'corporate_number_malformed' }))

  const base = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 12, maxLength: 12 })
  it('has a first digit from 1 to 9 that follows from the others', () => fc.assert(fc.property(base, digits => {
    const corporateNumber = `${corporateCheckDigit(digits)}${digits}`
    expect(readCorporateNumber(corporateNumber)).toEqual({ corporateNumber })
  })))

  const digit = fc.constantFrom(...'0123456789')
  it('shows every wrong digit except 0 for 9', () => fc.assert(fc.property(base, fc.integer({ min: 1, max: 12 }), digit, (digits, at, wrong) => {
    const right = `${corporateCheckDigit(digits)}${digits}`
    fc.pre(right[at] !== wrong && !['09', '90'].includes(`${right[at]}${wrong}`))
    expect(readCorporateNumber(right.slice(0, at) + wrong + right.slice(at + 1))).toEqual({ refused: 'corporate_number_mistyped' })
  })))
})
