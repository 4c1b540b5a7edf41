import { execFileSync } from 'node:child_process'

export type Drawn = { character: string; glyph: number; dark: number }

const points_per_pixel = 0.25

/** Every glyph on the first page in drawing order, by mutool: which glyph of the font (0 draws the box of a missing one) and how many dark points it left. */
export function drawnGlyphs(file: string): Drawn[] {
  const page = raster(file)
  const trace = execFileSync('mutool', ['trace', file], { encoding: 'utf8', maxBuffer: 2 ** 27, stdio: 'pipe' })
  let size = 0
  return trace.split('\n').flatMap(line => {
    size = Number(/<span [^>]*trm="([\d.]+)/.exec(line)?.[1] ?? size)
    const [, character = '', glyph, x, y, advance] = /<g unicode="([^"]*)" glyph="(\d+)" x="([-\d.]+)" y="([-\d.]+)" adv="([\d.]+)"/.exec(line) ?? []
    if (character === '') return []
    const box = { left: Number(x), right: Number(x) + Number(advance) * size, bottom: Number(y) - 0.25 * size, top: Number(y) + 0.95 * size }
    return [{ character, glyph: Number(glyph), dark: page.darkIn(box) }]
  })
}

/** The glyphs of a text where it was drawn in one go, or undefined when it was not. Variation selectors have no glyph of their own. */
export function glyphsOf(text: string, drawn: readonly Drawn[]): Drawn[] | undefined {
  const wanted = [...text.replace(/[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/gu, '')]
  const start = drawn.findIndex((_, index) => wanted.every((character, offset) => drawn[index + offset]?.character === character))
  return start < 0 ? undefined : drawn.slice(start, start + wanted.length)
}

type Box = { left: number; right: number; bottom: number; top: number }

function raster(file: string) {
  const image = execFileSync('mutool', ['draw', '-q', '-r', String(72 / points_per_pixel), '-c', 'gray', '-F', 'pgm', '-o', '-', file, '1'], { maxBuffer: 2 ** 27, stdio: 'pipe' })
  const [header = '', width = '', height = ''] = /^P5\s(?:#[^\n]*\n)?(\d+) (\d+)\s\d+\s/.exec(image.subarray(0, 200).toString('latin1')) ?? []
  const at = (point: number) => Math.round(point / points_per_pixel)
  return {
    darkIn({ left, right, bottom, top }: Box): number {
      let dark = 0
      for (let row = Number(height) - at(top); row < Number(height) - at(bottom); row += 1) {
        for (let column = at(left); column < at(right); column += 1) if ((image[header.length + row * Number(width) + column] ?? 255) < 128) dark += 1
      }
      return dark
    },
  }
}
