import { heardWhole, interviewSample, type SamplingTables } from './sampling.ts'

// interview_sampling.rules: at least one per nationality, programme, shift, sex and dormitory.
export const coverage = ['nationality', 'programme', 'shift', 'sex', 'dormitory'] as const
export type Aspect = (typeof coverage)[number]
export const shifts = ['day', 'evening', 'night', 'rotating'] as const
export const sexes = ['female', 'male', 'not_said'] as const
export const algorithm = 'xoshiro128starstar-cover-1'

/** People who are alike in everything that is to be covered; no names. */
export type Group = Record<Aspect, string> & { people: number }
/** `place`: counted through the assessor's own list, group after group, from 1. */
export type Drawn = Record<Aspect, string> & { place: number; group: number; nth: number; because: 'small_nationality' | 'coverage' | 'random' }
export type Uncovered = { aspect: Aspect; value: string }
export type Draw = { size: number; drawn: Drawn[]; uncovered: Uncovered[] }
type Asked = { workers: number; atLeast: number; tables: SamplingTables }

/**
 * The same seed and population give the same people, always. First everybody of a nationality of which the standard hears all, then whoever adds most to
 * what is covered, then by lot; ties by lot too. What the sample was too small to cover is said.
 */
export function drawInterviews(groups: readonly Group[], seed: string, { workers, atLeast, tables }: Asked): Draw {
  const people = groups.flatMap((group, index) => Array.from({ length: group.people }, (_, nth) => ({ ...aspectsOf(group), group: index + 1, nth: nth + 1 })))
    .map((person, index) => ({ ...person, place: index + 1 }))
  const { total } = interviewSample({ workers, populations: groups }, tables), small = heardWhole({ populations: groups }, tables)
  const size = Math.min(people.length, Math.max(total, atLeast))
  const lots = shuffled(people, seed), drawn: Drawn[] = [], seen = new Set<string>()
  const take = (person: (typeof people)[number] | undefined, because: Drawn['because']) => {
    if (!person || drawn.length >= size) return false
    lots.splice(lots.indexOf(person), 1)
    drawn.push({ ...person, because })
    for (const key of keysOf(person)) seen.add(key)
    return true
  }
  const adds = (person: (typeof people)[number]) => keysOf(person).filter(key => !seen.has(key)).length
  for (const person of lots.filter(({ nationality }) => small.includes(nationality))) take(person, 'small_nationality')
  for (;;) {
    const most = Math.max(0, ...lots.map(adds))
    if (most === 0 || !take(lots.find(person => adds(person) === most), 'coverage')) break
  }
  while (take(lots[0], 'random'));
  const values = new Map(groups.flatMap(group => coverage.map(aspect => [`${aspect} ${group[aspect]}`, { aspect, value: group[aspect] }] as const)))
  return { size, drawn: drawn.toSorted((one, other) => one.place - other.place), uncovered: [...values].filter(([key]) => !seen.has(key)).map(([, said]) => said) }
}

const aspectsOf = ({ nationality, programme, shift, sex, dormitory }: Group) => ({ nationality, programme, shift, sex, dormitory })
const keysOf = (person: Record<Aspect, string>) => coverage.map(aspect => `${aspect} ${person[aspect]}`)

/** Fisher–Yates; the bound is drawn without bias. */
function shuffled<Item>(items: readonly Item[], seed: string): Item[] {
  const order = [...items], next = numbersFrom(seed)
  for (let left = order.length; left > 1; left -= 1) {
    const other = below(left, next)
    const [one, two] = [order[left - 1], order[other]] as [Item, Item]
    order[left - 1] = two
    order[other] = one
  }
  return order
}

const whole = 2 ** 32

function below(bound: number, next: () => number): number {
  const fair = whole - (whole % bound)
  let number = next()
  while (number >= fair) number = next()
  return number % bound
}

/** xoshiro128** of Blackman and Vigna (public domain), from 32 hexadecimal digits. Throws RangeError when they are none. */
export function numbersFrom(seed: string): () => number {
  if (!/^[0-9a-f]{32}$/.test(seed) || /^0+$/.test(seed)) throw new RangeError('a seed is 32 hexadecimal digits, not all zero')
  let [a, b, c, d] = [0, 8, 16, 24].map(from => Number.parseInt(seed.slice(from, from + 8), 16) | 0) as [number, number, number, number]
  const turned = (value: number, by: number) => (value << by) | (value >>> (32 - by))
  return () => {
    const result = Math.imul(turned(Math.imul(b, 5), 7), 9) >>> 0
    const kept = b << 9
    c ^= a; d ^= b; b ^= c; a ^= d; c ^= kept
    d = turned(d, 11)
    return result
  }
}
