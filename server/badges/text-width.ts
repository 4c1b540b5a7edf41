// How wide people's fonts are is not known here: rough widths in ems by kind of character, a little generous. The drawing holds each line to its measure.
const kinds: readonly (readonly [RegExp, number])[] = [
  [/[\p{Mn}\p{Me}\p{Cf}]/u, 0],                                  // marks above and below their letter
  [/\p{Mc}/u, 0.45],
  [/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\u3000-\u303f\uff01-\uff60]/u, 1],
  [/\p{Script=Myanmar}/u, 0.95],
  [/\p{Script=Devanagari}/u, 0.62],
  [/[ilj.,:;'’|!·]/u, 0.32],
  [/[ftr()\-\s]/u, 0.38],
  [/[mwMW@%]/u, 0.92],
  [/[\p{Lu}]/u, 0.7],
]

/** The width of one line of text in any of the public languages, at this size, in the size's unit. */
export const textWidth = (text: string, size: number): number =>
  [...text].reduce((sum, character) => sum + (kinds.find(([kind]) => kind.test(character))?.[1] ?? 0.58), 0) * size
