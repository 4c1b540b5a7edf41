import { readNumber } from './certificate-number.ts'
import { readCorporateNumber } from './corporate-number.ts'
import type { ListField } from './list-columns.ts'
import { prefectures } from './prefectures.ts'
import { mostTiers } from './suppliers.ts'
import { foldDigits } from './text.ts'

// What one line of a list comes to. What was typed is kept beside it: the buyer recognises its own words.
export const listOutcomes = ['number', 'corporate_number', 'corrected_number', 'name_and_prefecture', 'name', 'choose', 'not_found', 'duplicate', 'unusable'] as const
export type ListOutcome = (typeof listOutcomes)[number]
export const sureOutcomes = ['number', 'corporate_number'] as const satisfies readonly ListOutcome[]
export const probableOutcomes = ['corrected_number', 'name_and_prefecture', 'name'] as const satisfies readonly ListOutcome[]

export const listFaults = ['empty', 'number_malformed', 'corporate_number_malformed', 'corporate_number_mistyped', 'corporate_number_cut'] as const
export type ListFault = (typeof listFaults)[number]

export type ListRow = {
  typedNumber: string; typedCorporate: string; name: string; prefecture: string; country: string; tier: number | null; group: string
  number: string | null; near: string[]; corporate: string | null; fault: ListFault | null
}

const most = 200

/** Reads the cells of one line by their columns. Never fails: what cannot be read is said in `fault`, and the rest still counts. */
export function readRow(cells: readonly string[], fields: readonly (ListField | null)[]): ListRow {
  const of = (field: ListField) => tidy(cells[fields.indexOf(field)] ?? '')
  const typedNumber = of('number'), typedCorporate = of('corporateNumber'), name = of('name')
  const read = typedNumber ? readNumber(typedNumber) : null
  const corporate = typedCorporate ? readCorporateNumber(typedCorporate) : null
  const tier = /^\D*([1-9])\D*$/.exec(foldDigits(of('tier')))?.[1]
  return {
    typedNumber, typedCorporate, name, prefecture: prefectureIn(of('prefecture')), country: countryIn(of('country')), tier: tier && Number(tier) <= mostTiers ? Number(tier) : null, group: cut(of('group'), 60),
    number: read && 'number' in read ? read.number : null, near: read && 'suggestions' in read ? read.suggestions : [],
    corporate: corporate && 'corporateNumber' in corporate ? corporate.corporateNumber : null, fault: faultOf({ typedNumber, typedCorporate, name }, read, corporate),
  }
}

type Typed = { typedNumber: string; typedCorporate: string; name: string }

function faultOf({ typedNumber, typedCorporate, name }: Typed, read: ReturnType<typeof readNumber> | null, corporate: ReturnType<typeof readCorporateNumber> | null): ListFault | null {
  if (!typedNumber && !typedCorporate && !name) return 'empty'
  if (/^\d(\.\d+)?e\+?1[12]$/i.test(foldDigits(typedCorporate))) return 'corporate_number_cut' // Excel has kept six digits of thirteen
  if (corporate && 'refused' in corporate) return corporate.refused
  return read && 'refused' in read && read.refused === 'number_malformed' ? 'number_malformed' : null
}

/** What a cell without a header looks like. */
export function looksLike(cell: string): ListField | null {
  const typed = tidy(cell)
  if (/^re-?jp/i.test(foldDigits(typed)) || 'number' in readNumber(typed)) return 'number'
  if (/^T?\d{13}$/.test(foldDigits(typed).replace(/[\s-]/g, ''))) return 'corporateNumber'
  if (prefectures.some(({ ja, en }) => ja === typed || en.toLowerCase() === typed.toLowerCase())) return 'prefecture'
  return /\p{L}/u.test(typed) ? 'name' : null
}

// By characters: half of 𠮷 is none, and Postgres would refuse the whole list for it.
const cut = (text: string, most: number) => [...text.toWellFormed()].slice(0, most).join('')
const tidy = (cell: string) => cut(cell.replace(/[\u0000-\u001F\u007F]+/g, ' ').trim(), most)

const prefectureIn = (text: string) => prefectures.find(({ ja, en }) => text.startsWith(ja) || (text !== '' && (ja.replace(/[都府県]$/, '') === text || en.toLowerCase() === text.toLowerCase())))?.value ?? ''

const countryIn = (text: string) => (/^[a-z]{2}$/i.test(text) ? text.toUpperCase() : text === '' || /^(日本|japan)$/i.test(text) ? 'JP' : 'ZZ') // ZZ: somewhere else (ISO 3166 leaves it to users)
