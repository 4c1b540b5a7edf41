export type Corner = [x: number, y: number] // metres

export const gridMetres = 0.25
export const sideMetres = 10
// RE-09.1: dormitory rules, the programme of technical interns and of employment for skill development, a new home under specified skills.
export const minima = { dormitory: 2.5, trainee: 4.5, specified_skilled: 7.5 } as const
export type Basis = keyof typeof minima
export const bases = Object.keys(minima) as Basis[]

/** Gauss's shoelace: what the walls enclose, whichever way round they were drawn. */
export function area(corners: readonly Corner[]): number {
  const twice = corners.reduce((sum, [x, y], nth) => {
    const [nextX, nextY] = corners[(nth + 1) % corners.length] ?? [0, 0]
    return sum + x * nextY - nextX * y
  }, 0)
  return Math.round(Math.abs(twice) * 50) / 100
}

export const length = ([x, y]: Corner, [toX, toY]: Corner) => Math.round(Math.hypot(toX - x, toY - y) * 100) / 100
export const onGrid = (metres: number) => Math.min(sideMetres, Math.max(0, Math.round(metres / gridMetres) * gridMetres))
export const rectangle = (width: number, depth: number): Corner[] => [[0, 0], [width, 0], [width, depth], [0, depth]]

/** Down to the hundredth that is written: 4.499 is not 4.5. */
export const perPerson = (square: number, people: number) => (people > 0 ? Math.floor(square / people * 100) / 100 : null)

export const asText = (corners: readonly Corner[]) => corners.map(corner => corner.join(',')).join(' ')
export const fromText = (text: string): Corner[] => text.split(' ').filter(Boolean).map(pair => pair.split(',').map(Number) as Corner)
