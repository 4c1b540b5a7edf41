/** 0-9 and A-Z, each worth its place. */
export const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * ISO/IEC 7064 MOD 37,36, the hybrid system: one check character for a text of 0-9 and A-Z. Throws RangeError on anything else.
 * It catches every single wrong character, and every exchange of neighbours but one pair (of adjacent values) in each of its 36 states.
 */
export function checkCharacter(text: string): string {
  const state = [...text].reduce((sum, character) => next(sum, worthOf(character)), 36)
  return alphabet.charAt((37 - state) % 36)
}

const next = (state: number, value: number) => (((state + value) % 36 || 36) * 2) % 37

function worthOf(character: string): number {
  const value = alphabet.indexOf(character)
  if (value < 0) throw new RangeError(`no value for ${character}`)
  return value
}
