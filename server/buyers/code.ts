import { randomInt } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ' // Crockford: without I, L, O and U, which are read for others
const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')

/** What a buyer gives to an employer who wants to grant it a view: B-XXXX-XXXX. Nobody can go through all of them. */
export const newBuyerCode = (): string => `B-${group()}-${group()}`
