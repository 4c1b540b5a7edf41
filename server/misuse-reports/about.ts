import { cleanLine } from '../domain/text.ts'
import { readNumber } from '../domain/certificate-number.ts'

/** What stands in an address for something that carries no number at all. */
export const without_number = 'no-number'
const longest = 60

/** What a report is about: the number as the register writes it, else as it was typed; `number` is null for what has none. `at` is its place in an address. Null when nothing can be meant. */
export function aboutWhat(typed: string): { number: string | null; at: string } | null {
  if (typed === without_number) return { number: null, at: without_number }
  const read = readNumber(typed)
  if (!('refused' in read)) return { number: read.number, at: read.number }
  const cleaned = cleanLine(typed)
  return typeof cleaned === 'string' && cleaned !== '' && [...cleaned].length <= longest ? { number: cleaned, at: encodeURIComponent(cleaned) } : null
}
