import { createHash } from 'node:crypto'
import { foldDigits } from '../domain/text.ts'
import { newReference } from '../misuse-reports/reference.ts'

const reference_chars = 'C-XXXX-XXXX'.length
const groups = 5

export type Code = { code: string; reference: string; sha256: string }

/** C-XXXX-XXXX-XXXX-XXXX-XXXX: its beginning is how we call the complaint, the rest (60 bits) is the complainant's alone; we keep its hash. */
export const newCode = (): Code => coded(newReference('C', groups))

const coded = (code: string): Code => ({ code, reference: code.slice(0, reference_chars), sha256: createHash('sha256').update(code).digest('hex') })

/** As people type it: full-width, in lower case, with O for 0, with blanks or without hyphens. Null: no code at all. */
export function readCode(typed: string): Code | null {
  const letters = foldDigits(typed.normalize('NFKC')).toUpperCase().replace(/[^0-9A-Z]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  if (!/^C[0-9A-HJKMNP-TV-Z]{20}$/.test(letters)) return null
  return coded(['C', ...letters.slice(1).match(/.{4}/g) ?? []].join('-'))
}
