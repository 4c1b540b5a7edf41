/** One operator of a PDF drawing with its numbers in front, as ISO 32000-1 annex A names it. */
export type Operator = readonly [operator: string, ...operands: number[]]
export type Colour = readonly [red: number, green: number, blue: number] // 0 … 1

export const round = (value: number): number => Math.round(value * 1000) / 1000

export const moveTo = (x: number, y: number): Operator => ['m', round(x), round(y)]
export const lineTo = (x: number, y: number): Operator => ['l', round(x), round(y)]
export const closePath = (): Operator => ['h']
export const box = (x: number, y: number, width: number, height: number): Operator => ['re', round(x), round(y), round(width), round(height)]
export const curveTo = (a: number, b: number, c: number, d: number, x: number, y: number): Operator =>
  ['c', round(a), round(b), round(c), round(d), round(x), round(y)]

export const filled = (colour: Colour, path: Operator[]): Operator[] => [['rg', ...colour], ...path, ['f']]
export const stroked = (colour: Colour, width: number, path: Operator[]): Operator[] => [['RG', ...colour], ['w', width], ...path, ['S']]

/** Draws in a square of our own: its origin at x, y of the sheet (y upwards), one unit = `scale` points. */
export const placed = (place: { x: number; y: number; scale: number }, operators: Operator[]): Operator[] =>
  [['q'], ['cm', round(place.scale), 0, 0, round(place.scale), round(place.x), round(place.y)], ...operators, ['Q']]

export function circle(radius: number, x = 0, y = 0): Operator[] {
  const pull = radius * 0.5523 // the cubic that comes nearest to a quarter circle
  return [
    moveTo(x + radius, y),
    curveTo(x + radius, y + pull, x + pull, y + radius, x, y + radius),
    curveTo(x - pull, y + radius, x - radius, y + pull, x - radius, y),
    curveTo(x - radius, y - pull, x - pull, y - radius, x, y - radius),
    curveTo(x + pull, y - radius, x + radius, y - pull, x + radius, y), closePath(),
  ]
}
