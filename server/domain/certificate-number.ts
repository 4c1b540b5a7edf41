import { alphabet, checkCharacter } from './check-character.ts'

export type CertificateNumber = { number: string; year: number; serial: number; cycle: number }
export type NumberRefusal = { refused: 'number_malformed' } | { refused: 'number_mistyped'; suggestions: string[] }

/** RE-JP-2027-004821-3-2: scheme, country, year of first issue, serial (1 to 999999), cycle (1 to 99), check character. Throws RangeError. */
export function makeNumber(parts: { year: number; serial: number; cycle: number }): string {
  const limits = { year: [2000, 9999], serial: [1, 999_999], cycle: [1, 99] } as const
  for (const name of ['year', 'serial', 'cycle'] as const) {
    const [least, most] = limits[name]
    if (!Number.isInteger(parts[name]) || parts[name] < least || parts[name] > most) throw new RangeError(`${name} ${parts[name]}`)
  }
  const body = `REJP${parts.year}${String(parts.serial).padStart(6, '0')}${parts.cycle}`
  return withHyphens(body + checkCharacter(body))
}

/**
 * Reads what somebody typed: full-width, lower case, other hyphens, spaces or none of them.
 * `suggestions` are the numbers one slip away, for the reader to choose; nothing is corrected silently.
 */
export function readNumber(input: string): CertificateNumber | NumberRefusal {
  const typed = compact(input)
  if (!/^[0-9A-Z]{16,17}$/.test(typed)) return { refused: 'number_malformed' }
  if (isValid(typed)) return partsOf(typed)
  const suggestions = oneSlipAway(typed).filter(isValid).map(withHyphens)
  return suggestions.length > 0 ? { refused: 'number_mistyped', suggestions } : { refused: 'number_malformed' }
}

// The sign ー of the Japanese keyboard and every dash stand for the hyphen; invisible marks come along when a number is copied.
const separators = /[\s\p{Pd}\p{Cf}_.・−─ーｰ]/gu

function compact(input: string): string {
  if (input.length > 100) return ''
  return input.replace(/[！-～]/g, wide => String.fromCharCode(wide.charCodeAt(0) - 0xFEE0)).replace(separators, '').toUpperCase()
}

const shape = /^REJP([2-9]\d{3})(\d{6})([1-9]\d?)([0-9A-Z])$/

const isValid = (typed: string) => shape.test(typed) && !/^.{8}000000/.test(typed) && checkCharacter(typed.slice(0, -1)) === typed.at(-1)
const withHyphens = (typed: string) => typed.replace(shape, 'RE-JP-$1-$2-$3-$4')

function partsOf(typed: string): CertificateNumber {
  const [, year, serial, cycle] = shape.exec(typed) ?? []
  return { number: withHyphens(typed), year: Number(year), serial: Number(serial), cycle: Number(cycle) }
}

// Two neighbours exchanged first, then one character replaced, the check character last.
function oneSlipAway(typed: string): string[] {
  const at = [...typed].map((_, index) => index)
  const exchanged = at.slice(1).map(index => typed.slice(0, index - 1) + typed[index] + typed[index - 1] + typed.slice(index + 1))
  const replaced = at.flatMap(index => replacements(index, typed.length).map(other => typed.slice(0, index) + other + typed.slice(index + 1)))
  return [...new Set([...exchanged, ...replaced])].filter(other => other !== typed)
}

// Only characters that can stand at this place: the fixed letters, digits, and anything for the check character.
function replacements(index: number, length: number): string[] {
  if (index < 4) return ['REJP'.charAt(index)]
  return [...(index === length - 1 ? alphabet : '0123456789')]
}
