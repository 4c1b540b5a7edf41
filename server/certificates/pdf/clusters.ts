// A cluster is what one glyph draws: a character with the selectors or marks that belong to it.
const selector = '[\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}]'
const cluster = new RegExp(`.(?:${selector}|\\p{M})*`, 'gsu')

export const clustersOf = (text: string): string[] => composed(text).match(cluster) ?? []

// Japanese is never normalised: NFC would turn the compatibility kanji of a name (U+FA19 神) into another character. Only letters with
// accents and kana with voicing marks are composed, because we place no marks ourselves.
export const composed = (text: string): string => text
  .replace(/\p{Script=Latin}\p{M}+/gu, run => run.normalize('NFC'))
  .replace(/[\u3041-\u30FF][\u3099\u309A]/g, run => run.normalize('NFC'))
