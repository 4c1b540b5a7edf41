import { randomInt } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ' // Crockford: without I, L, O and U, which are read for others
const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')

/** What a reporter keeps: M-XXXX-XXXX-XXXX, 60 bits that nobody guesses. It tells nothing about anybody. */
export const newReference = (letter = 'M', groups = 3): string => [letter, ...Array.from({ length: groups }, group)].join('-')
