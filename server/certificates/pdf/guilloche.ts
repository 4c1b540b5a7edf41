import { closePath, curveTo, moveTo, type Operator } from './path.ts'

export type Wave = { radius: number; swing: number; lobes: number; turn: number } // r(θ) = radius + swing · cos(lobes · θ + turn)

/** Interlaced waves around a centre, the engraver's way of making a line hard to copy. */
export const rosette = (wave: Omit<Wave, 'turn'>, strands: number): Operator[] =>
  Array.from({ length: strands }, (_, strand) => ring({ ...wave, turn: 2 * Math.PI * strand / strands })).flat()

/** One closed wave, as cubic curves that meet it in place and direction, four to a lobe. */
export function ring(wave: Wave): Operator[] {
  const steps = wave.lobes * 4
  const pull = 2 * Math.PI / steps / 3
  const points = Array.from({ length: steps + 1 }, (_, step) => at(wave, 2 * Math.PI * step / steps))
  const curves = points.slice(1).map((to, index) => {
    const from = points[index] ?? to
    return curveTo(from.x + from.dx * pull, from.y + from.dy * pull, to.x - to.dx * pull, to.y - to.dy * pull, to.x, to.y)
  })
  const first = at(wave, 0)
  return [moveTo(first.x, first.y), ...curves, closePath()]
}

function at({ radius, swing, lobes, turn }: Wave, angle: number) {
  const r = radius + swing * Math.cos(lobes * angle + turn)
  const dr = -swing * lobes * Math.sin(lobes * angle + turn)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return { x: r * cos, y: r * sin, dx: dr * cos - r * sin, dy: dr * sin + r * cos }
}
