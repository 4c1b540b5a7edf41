import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { heads, merged, versionText, type ItemVersion, type Versions } from '../../server/domain/notebook.ts'

const hashOf = (version: ItemVersion) => createHash('sha256').update(versionText(version)).digest('hex')
const version = (change: Partial<ItemVersion> = {}): ItemVersion => ({
  item: 'item', applicationId: 'case', kind: 'note', criterion: 'RE-06.1', place: '', content: { text: 'x' }, files: [], device: 'phone', deviceAt: '2026-11-24T01:00:00.000Z', over: [], previous: '', struck: false, ...change,
})

describe('a version', () => {
  it('has one text, whatever order its fields and the versions it replaces are in', () => {
    const one = version({ over: ['b', 'a'], content: { b: 1, a: { d: 2, c: 3 } } })
    expect(versionText(Object.fromEntries(Object.entries({ ...one, over: ['a', 'b'], content: { a: { c: 3, d: 2 }, b: 1 } }).toReversed()) as unknown as ItemVersion)).toBe(versionText(one))
  })

  it.each(Object.entries({ item: 'other', applicationId: 'other', kind: 'voice', criterion: '', place: 'p', content: { text: 'y' }, files: [{ part: 'small', sha256: 'a', size: 1, type: 'image/jpeg' }], device: 'tablet', deviceAt: '2026-11-24T01:00:00Z', over: ['x'], previous: 'p', struck: true }))(
    'has another hash when its %s differs', (field, value) => expect(hashOf(version({ [field]: value }))).not.toBe(hashOf(version())))
})

// Two phones and the server. A phone captures, corrects, strikes and joins by what it knows; messages between it and the server are sent, lost, delivered late, twice and in any order.
type Where = 'phone' | 'tablet'
type Message = { to: Where | 'server'; carries: ItemVersion[] }
const step = fc.oneof(
  fc.record({ does: fc.constant('capture' as const), on: fc.constantFrom<Where>('phone', 'tablet'), item: fc.integer({ min: 0, max: 4 }), how: fc.constantFrom<'new' | 'correct' | 'strike' | 'join' | 'stray'>('new', 'correct', 'strike', 'join', 'stray'), clock: fc.integer({ min: -900, max: 900 }) }),
  fc.record({ does: fc.constant('send' as const), on: fc.constantFrom<Where>('phone', 'tablet'), most: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ does: fc.constant('answer' as const), on: fc.constantFrom<Where>('phone', 'tablet'), most: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ does: fc.constantFrom('deliver', 'deliver_and_keep', 'lose'), which: fc.nat(50) }),
)

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never
type Play = { known: Record<Where | 'server', Versions>; captured: Map<string, ItemVersion>; flying: Message[] }

function take({ known }: Play, at: Where | 'server', versions: readonly ItemVersion[]) {
  known[at] = merged(known[at], new Map(versions.map(one => [hashOf(one), one])))
}

function capture(theatre: Play, { on, item, how, clock }: Extract<Step, { does: 'capture' }>, turn: number) {
  const standing = heads(theatre.known[on]).get(`item-${item}`) ?? []
  const others = [...theatre.known[on]].filter(([, one]) => one.item !== `item-${item}`).map(([hash]) => hash)
  const over = { new: [], join: standing, correct: standing.slice(0, 1), strike: standing.slice(0, 1), stray: others.slice(-2) }[how] // stray: over versions of other items, as no device of ours writes
  const made = version({ item: `item-${item}`, device: on, content: { text: `${turn}` }, over, struck: how === 'strike', deviceAt: new Date(Date.UTC(2026, 10, 24) + clock * 3_600_000).toISOString() })
  theatre.captured.set(hashOf(made), made)
  take(theatre, on, [made])
}

function travel(theatre: Play, { does, which }: Exclude<Step, { on: Where }>) {
  const { flying } = theatre, message = flying[which % Math.max(1, flying.length)]
  if (!message) return
  if (does !== 'lose') take(theatre, message.to, message.carries)
  if (does !== 'deliver_and_keep') flying.splice(flying.indexOf(message), 1)
}

function play(steps: readonly Step[]): Play {
  const theatre: Play = { known: { phone: new Map(), tablet: new Map(), server: new Map() }, captured: new Map(), flying: [] }
  const { known, flying } = theatre
  for (const [turn, one] of steps.entries()) {
    if (one.does === 'capture') capture(theatre, one, turn)
    else if (one.does === 'send') flying.push({ to: 'server', carries: [...known[one.on].values()].slice(-one.most) })
    else if (one.does === 'answer') flying.push({ to: one.on, carries: [...known.server.values()].slice(0, one.most) })
    else travel(theatre, one)
  }
  for (const { to, carries } of flying.toReversed()) take(theatre, to, carries) // what was on its way comes at last, in the wrong order
  for (const on of ['phone', 'tablet'] as const) take(theatre, 'server', [...known[on].values()]) // the last retry: the outbox keeps an item until its hash was confirmed
  for (const on of ['phone', 'tablet'] as const) take(theatre, on, [...known.server.values()])
  return theatre
}
const sorted = (found: Map<string, string[]>) => Object.fromEntries([...found].toSorted(([one], [other]) => (one < other ? -1 : 1)))

describe('two devices and the server', () => {
  it('know the same after the last retry, whatever was lost, doubled or late: nothing is lost, nothing is there twice', () => fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
    const { known: { phone, tablet, server }, captured } = play(steps)
    for (const one of [phone, tablet, server]) expect([[...one.keys()].toSorted(), sorted(heads(one))]).toEqual([[...captured.keys()].toSorted(), sorted(heads(captured))])
  }), { numRuns: 400 }))

  it('keep both of two versions that did not know of each other, until one is written over both', () => fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
    const { known: { server }, captured } = play(steps)
    const replaced = new Set([...captured.values()].flatMap(({ item, over }) => over.filter(hash => captured.get(hash)?.item === item)))
    expect([...heads(server).values()].flat().toSorted()).toEqual([...captured.keys()].filter(hash => !replaced.has(hash)).toSorted())
  }), { numRuns: 200 }))

  it('lose no item because a version of another one was written over it', () => fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
    const { known: { server }, captured } = play(steps)
    expect([...heads(server).keys()].toSorted()).toEqual([...new Set([...captured.values()].map(({ item }) => item))].toSorted())
  }), { numRuns: 200 }))

  it('do come to conflicts in these plays', () => {
    const found = fc.sample(fc.array(step, { minLength: 20, maxLength: 60 }), 100).map(steps => [...heads(play(steps).known.server).values()].some(standing => standing.length > 1))
    expect(found.filter(Boolean).length).toBeGreaterThan(20)
  })

  it('merge in any order and grouping, and again, to the same', () => fc.assert(fc.property(fc.array(step, { maxLength: 40 }), steps => {
    const { known: { phone }, captured } = play(steps), all = [...captured], half = Math.floor(all.length / 2)
    const [one, two] = [new Map(all.slice(0, half)), new Map(all.slice(half))]
    for (const way of [merged(one, two), merged(two, one), merged(merged(one, two), one), merged(phone, merged(two, two))]) expect(sorted(heads(way))).toEqual(sorted(heads(captured)))
  }), { numRuns: 100 }))
})
