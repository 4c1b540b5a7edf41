import { foldDigits } from './text.ts'

export type CorporateNumberRefusal = { refused: 'corporate_number_malformed' | 'corporate_number_mistyped' }

/** The 13 digits of a 法人番号, also typed full-width, in groups, or as invoice registration number (T in front). */
export function readCorporateNumber(input: string): { corporateNumber: string } | CorporateNumberRefusal {
  const digits = foldDigits(input).replace(/[\s-]/g, '').replace(/^T/i, '')
  if (!/^[1-9]\d{12}$/.test(digits)) return { refused: 'corporate_number_malformed' }
  if (Number(digits[0]) !== corporateCheckDigit(digits.slice(1))) return { refused: 'corporate_number_mistyped' }
  return { corporateNumber: digits }
}

// Ordinance of the Ministry of Finance 70/2014, art. 2: 9 − (Σ Pn × Qn mod 9), n counted from the right, Qn = 1 for odd n and 2 for even n.
// It cannot tell 0 from 9 in the twelve base digits.
export function corporateCheckDigit(base: string): number {
  const sum = [...base].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 2), 0)
  return 9 - (sum % 9)
}
