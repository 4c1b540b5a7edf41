import type { Place } from './search.ts'

/** A place in the list as a word for an address, and back. What is no such word is no place: the list begins at its beginning. */
export const placeToWord = ({ sortKey, number }: Place): string => Buffer.from(JSON.stringify([sortKey, number])).toString('base64url')

export function placeFromWord(word: string | undefined): Place | null {
  if (!word || !/^[\w-]+$/.test(word)) return null
  try {
    const place: unknown = JSON.parse(Buffer.from(word, 'base64url').toString('utf8'))
    if (!Array.isArray(place) || place.length !== 2 || !place.every(part => typeof part === 'string' && part.length <= 300 && !part.includes('\0'))) return null
    const [sortKey = '', number = ''] = place as string[]
    return { sortKey, number }
  } catch {
    return null
  }
}
