import LineBreaker from 'linebreak'
import { LRUCache } from 'lru-cache'
import { clustersOf } from './clusters.ts'
import { glyphOf, type Face, type Glyph, type Typefaces } from './fonts.ts'
import type { Words } from './wording.ts'

export type Letter = Glyph & { english: boolean }

/** Words measured in a face, once for all sizes: `ends[n]` is the advance of the first n letters in ems, `breaks` where a line may end, found when first needed. */
export type Setting = { letters: Letter[]; ends: number[]; breaks: number[] | undefined }
export type Span = readonly [from: number, to: number] // letters from … to - 1

const settings = new LRUCache<string, Setting>({ max: 2000 }) // most words of a page are those of every certificate
const longest_kept = 300 // letters; a whole paragraph is seldom set twice

/** Measures words in a face; the same words are measured once. Throws for a character that no font draws: ask missingGlyphs before. */
export function settingOf(faces: Typefaces, words: Words, face: Face): Setting {
  const key = `${face} ${words.map(({ text, lang }) => `${lang} ${text}`).join('\n')}`
  const known = settings.get(key)
  if (known) return known
  const letters = words.flatMap(({ text, lang }) => clustersOf(text).map(cluster => ({ ...drawn(faces, face, cluster), english: lang === 'en' })))
  const ends = [0]
  for (const { advance } of letters) ends.push((ends.at(-1) ?? 0) + advance)
  const setting = { letters, ends, breaks: undefined }
  if (letters.length <= longest_kept) settings.set(key, setting)
  return setting
}

/** Width in points; letter spacing counts after every letter, as the reader draws it. */
export const widthOf = ({ letters, ends }: Setting, { size, spacing = 0 }: { size: number; spacing?: number }, [from, to]: Span = [0, letters.length]): number =>
  ((ends[to] ?? 0) - (ends[from] ?? 0)) * size + (to - from) * spacing

export const widthOfLetters = (letters: Letter[], { size, spacing = 0 }: { size: number; spacing?: number }): number =>
  letters.reduce((sum, { advance }) => sum + advance * size + spacing, 0)

/** Breaks into lines of at most `width` points, where Unicode allows it (no 、 at the head of a line), else anywhere. */
export function linesOf(setting: Setting, type: { size: number; spacing?: number }, width: number): Span[] {
  const lines: Span[] = []
  const fits = (from: number, to: number) => widthOf(setting, type, trimmed(setting, [from, to])) <= width + 0.01
  let [start, end] = [0, 0]
  const extendTo = (next: number) => {
    if (end > start && !fits(start, next)) {
      lines.push(trimmed(setting, [start, end]))
      start = end
    }
    end = next
  }
  setting.breaks ??= breaksOf(setting.letters)
  for (const next of setting.breaks) {
    if (!fits(end, next)) for (let letter = end + 1; letter < next; letter += 1) extendTo(letter)
    extendTo(next)
  }
  return [...lines, trimmed(setting, [start, end])]
}

function drawn(faces: Typefaces, face: Face, cluster: string): Glyph {
  const glyph = glyphOf(faces, face, cluster)
  if (!glyph) throw new Error(`no glyph for ${JSON.stringify(cluster)}: ask missingGlyphs before drawing`)
  return glyph
}

function trimmed({ letters }: Setting, [from, to]: Span): Span {
  let end = to
  while (end > from && isBlank(letters[end - 1])) end -= 1
  return [from, end]
}

export const isBlank = (letter: Letter | undefined): boolean => letter?.cluster.trim() === ''

const words = new Intl.Segmenter('ja', { granularity: 'word' })

// Where Unicode allows a break and no word is torn: 要求事項 stays whole as long as it fits on a line.
function breaksOf(letters: Letter[]): number[] {
  const text = letters.map(({ cluster }) => cluster).join('')
  const starts = new Set(Array.from(words.segment(text), word => word.index))
  const allowed = new Set<number>()
  const breaker = new LineBreaker(text)
  for (let found = breaker.nextBreak(); found; found = breaker.nextBreak()) if (starts.has(found.position)) allowed.add(found.position)
  const breaks: number[] = []
  let position = 0
  letters.forEach(({ cluster }, index) => {
    position += cluster.length
    if (index === letters.length - 1 || allowed.has(position)) breaks.push(index + 1)
  })
  return breaks
}
