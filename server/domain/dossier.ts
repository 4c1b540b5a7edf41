/** What a decision rests on, as plain data: instants are already text. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain }

/**
 * One text for one content: names sorted by code unit, no white space, numbers as ECMAScript writes them (the way of RFC 8785).
 * The same dossier gives the same text whatever order the database answers in; throws RangeError on what JSON cannot say.
 */
export function canonical(value: Plain): string {
  if (isList(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) return `{${fields(value).join(',')}}`
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`no number: ${value}`)
  if (typeof value === 'string' && !value.isWellFormed()) throw new RangeError('half a character')
  return JSON.stringify(value)
}

const fields = (value: { readonly [name: string]: Plain }) =>
  Object.keys(value).toSorted(byCodeUnit).map(name => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`)

const byCodeUnit = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)

/** Names in a seal that are no row of the case. */
export const isDossierPart = (name: string): boolean => name !== 'format' && name !== 'salt'
