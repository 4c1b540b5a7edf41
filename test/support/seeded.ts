/** Numbers from a seed that a test prints, so that a day that failed can be played again (mulberry32). */
export function seeded(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const some = (count: number, of: number) => {
    const all = Array.from({ length: of }, (_, nth) => nth)
    return Array.from({ length: Math.min(count, of) }, () => all.splice(below(all.length), 1)[0] ?? 0).toSorted((one, other) => one - other)
  }
  return { next, below, some }
}
