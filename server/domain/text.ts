// What people type. Japanese is never normalised: NFC would turn the compatibility kanji of a family name into another character
// and so change a legal name. An unusable text is refused, not repaired behind the writer's back.

export type TextRefusal = { refused: 'text_unusable' }

/** One line: breaks and tabs become a space, the ends are trimmed. Refused: NUL, other controls, lone surrogates, reversed reading order. */
export const cleanLine = (text: string): string | TextRefusal =>
  isUsable(text) ? composeLatin(text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ')).trim() : { refused: 'text_unusable' }

/** Several lines: every kind of break becomes \n, the ends are trimmed. Refused as in cleanLine. */
export const cleanText = (text: string): string | TextRefusal =>
  isUsable(text) ? composeLatin(text.replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')).trim() : { refused: 'text_unusable' }

/** Full-width digits, letters and signs as half-width ones, for where a number, a date or a code is meant: １，２００ → 1,200. */
export const foldDigits = (text: string): string =>
  text.replace(/[\uFF01-\uFF5E]/g, wide => String.fromCharCode(wide.charCodeAt(0) - 0xFEE0)).replace(/(?<=\d)[‐‑‒–—−ー](?=\d)/g, '-').trim()

/** A reading: kana of either kind, spaces, ー and ・. Half-width kana count. */
export const isKana = (text: string): boolean =>
  /^[ァ-ヺぁ-ゖー・ヽヾゝゞ\u3099\u309A\uFF65-\uFF9F \u3000]+$/.test(text) && /[ァ-ヺぁ-ゖｦ-ﾝ]/.test(text)

/** A name in Latin letters with their accents, and what company names carry beside them; at least one letter. */
export const isLatinName = (text: string): boolean =>
  /^(?:[\p{Script=Latin}\d .,'’"&()/+-]|[\u0300-\u036F])+$/u.test(text) && /\p{Script=Latin}/u.test(text) && !/[！-～]/.test(text)

/** As people count: one kanji, one emoji's code point, one letter. */
export const countCharacters = (text: string): number => [...text].length

// U+202D and U+202E make a line read otherwise than it is written; letters that run from right to left need neither.
const isUsable = (text: string) =>
  text.isWellFormed() && !/[\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\u202D\u202E\uFFFE\uFFFF]/.test(text)

const composeLatin = (text: string) => text.replace(/\p{Script=Latin}\p{Mn}+/gu, run => run.normalize('NFC'))
