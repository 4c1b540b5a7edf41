import type { MortalPostgres } from './mortal-postgres.ts'

export type Death = { between_ms: number; away_ms: number }

/** The moments of the deaths, drawn from a seed: the same seed gives the same moments. */
export function deathsFrom(seed: number, deaths: number): Death[] {
  const random = mulberry32(seed)
  const between = (least: number, most: number) => Math.round(least + random() * (most - least))
  return Array.from({ length: deaths }, () => ({ between_ms: between(300, 2500), away_ms: between(300, 1500) }))
}

/** Lets the database die and come back at these moments, or until it is told that it is enough. `look` sees the world while it is away. */
export async function letDie(database: MortalPostgres, deaths: readonly Death[], { isEnough, look }: { isEnough(): boolean; look(): Promise<void> }): Promise<number> {
  let died = 0
  for (const { between_ms, away_ms } of deaths) {
    await pause(between_ms)
    if (isEnough()) return died
    await database.kill()
    died += 1
    await look()
    await pause(away_ms)
    await database.revive()
  }
  return died
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Numbers from 0 to 1 that the seed decides. */
export function mulberry32(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
