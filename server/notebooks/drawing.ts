/** Lines of a sketch or a signature as one SVG path: numbers only, whatever a device sent. Null when there is nothing to draw. */
export function drawingOf(content: Record<string, unknown>): { viewBox: string; path: string } | null {
  const walls = pointsOf(content['corners']), strokes = Array.isArray(content['strokes']) ? content['strokes'].map(pointsOf) : []
  const lines = walls.length > 2 ? [walls] : strokes.filter(stroke => stroke.length > 1)
  const all = lines.flat()
  if (all.length === 0) return null
  const [left, top] = [Math.min(...all.map(([x]) => x)), Math.min(...all.map(([, y]) => y))]
  const scale = 1000 / Math.max(...all.map(([x]) => x - left), ...all.map(([, y]) => y - top), Number.MIN_VALUE) // a thousand units wide or high, metres and pixels alike
  const at = ([x, y]: Point) => `${Math.round((x - left) * scale)} ${Math.round((y - top) * scale)}`
  const [width, height] = [Math.max(...all.map(([x]) => x - left)) * scale, Math.max(...all.map(([, y]) => y - top)) * scale]
  return { viewBox: `-20 -20 ${Math.ceil(width) + 40} ${Math.ceil(height) + 40}`, path: lines.map(line => `M${line.map(at).join('L')}${walls.length > 2 ? 'Z' : ''}`).join('') }
}

type Point = [x: number, y: number]
const most_points = 5000

const pointsOf = (sent: unknown): Point[] => (Array.isArray(sent) ? sent.slice(0, most_points).filter((point): point is Point => Array.isArray(point) && point.length >= 2 && point.slice(0, 2).every(number => Number.isFinite(number) && Math.abs(number) < 1e6)) : [])
