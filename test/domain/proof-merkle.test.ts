import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grow, noLines, rootOf, treeOf } from '../../server/proof/growing-tree.ts'
import { consistencySpans, emptyRoot, hashOfSpan, inclusionSpans, isConsistent, isIncluded, leafHash, subtreesOf, type Hash, type Span, type Subtree } from '../../server/proof/merkle.ts'

// RFC 6962 as its text says it, over the whole list each time: slow, and hard to get wrong.
const sha = (...parts: (number | Uint8Array)[]): Hash => createHash('sha256').update(Buffer.concat(parts.map(part => (typeof part === 'number' ? Buffer.of(part) : part)))).digest()
const k = (n: number) => 2 ** Math.floor(Math.log2(n - 1))
const mth = (lines: string[]): Hash => (lines.length === 0 ? sha() : lines.length === 1 ? sha(0, Buffer.from(lines[0] ?? '')) : sha(1, mth(lines.slice(0, k(lines.length))), mth(lines.slice(k(lines.length)))))
function path(m: number, lines: string[]): Hash[] {
  if (lines.length === 1) return []
  const half = k(lines.length), [left, right] = [lines.slice(0, half), lines.slice(half)]
  return m < half ? [...path(m, left), mth(right)] : [...path(m - half, right), mth(left)]
}
function subproof(m: number, lines: string[], whole: boolean): Hash[] {
  if (m === lines.length) return whole ? [] : [mth(lines)]
  const half = k(lines.length), [left, right] = [lines.slice(0, half), lines.slice(half)]
  return m <= half ? [...subproof(m, left, whole), mth(right)] : [...subproof(m - half, right, false), mth(left)]
}

const linesOf = (size: number) => Array.from({ length: size }, (_, nth) => `line ${nth}`)
const nodesOf = (lines: string[]) => ({ level, idx }: Subtree) => mth(lines.slice(idx * 2 ** level, (idx + 1) * 2 ** level))
const hashes = (spans: Span[], lines: string[]) => spans.map(span => hashOfSpan(span, nodesOf(lines)))
const sizes = fc.integer({ min: 1, max: 140 })
const pair = fc.tuple(sizes, fc.nat()).map(([size, nth]) => ({ size, index: nth % size, old: 1 + nth % size }))

describe('the tree of lines', () => {
  it('hashes as RFC 6962 does (its published test vectors)', () => {
    const vectors = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(hex => Buffer.from(hex, 'hex'))
    const tree = noLines()
    const roots = vectors.map(line => { grow(tree, line); return Buffer.from(rootOf(tree)).toString('hex') })
    expect(Buffer.from(emptyRoot).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect([roots[0], roots[1], roots[7]]).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ])
  })

  it('has the root that the definition says, grown line by line or taken up again at any size', () => fc.assert(fc.property(pair, ({ size, index }) => {
    const lines = linesOf(size), grown = noLines(), resumed = treeOf(index, nodesOf(lines))
    for (const line of lines) grow(grown, line)
    for (const line of lines.slice(index)) grow(resumed, line)
    expect([rootOf(grown), rootOf(resumed), hashOfSpan({ from: 0, to: size }, nodesOf(lines))]).toEqual([mth(lines), mth(lines), mth(lines)])
  })))

  it('cuts every span into complete subtrees without a gap', () => fc.assert(fc.property(pair, ({ size, index }) => {
    const ends = subtreesOf({ from: index, to: size }).map(({ level, idx }) => [idx * 2 ** level, (idx + 1) * 2 ** level])
    expect([index, ...ends.map(([, to]) => to)]).toEqual([...ends.map(([from]) => from), size])
  })))
})

describe('a line is in the log', () => {
  it('by the path that the definition says', () => fc.assert(fc.property(pair, ({ size, index }) => {
    const lines = linesOf(size), proof = hashes(inclusionSpans(index, size), lines)
    expect(proof).toEqual(path(index, lines))
    expect(isIncluded({ index, size, leaf: leafHash(lines[index] ?? ''), path: proof, root: mth(lines) })).toBe(true)
  })))

  it('never by a path that was changed, nor at another place, in another size or as another line', () => fc.assert(fc.property(pair, fc.nat(), ({ size, index }, nth) => {
    const lines = linesOf(size), right = { index, size, leaf: leafHash(lines[index] ?? ''), path: hashes(inclusionSpans(index, size), lines), root: mth(lines) }
    const flipped = (hash: Hash) => Buffer.from(hash).map((byte, at) => (at === nth % 32 ? byte ^ (1 << nth % 8) : byte))
    const wrong = [
      { ...right, leaf: flipped(right.leaf) }, { ...right, root: flipped(right.root) }, { ...right, path: [...right.path, right.leaf] }, { ...right, index: -1 }, { ...right, index: size }, { ...right, index: 0.5 },
      { ...right, index: Number.NaN }, ...right.path.map((_, at) => ({ ...right, path: right.path.map((hash, other) => (other === at ? flipped(hash) : hash)) })),
      ...right.path.map((_, at) => ({ ...right, path: right.path.toSpliced(at, 1) })), ...(size > 1 ? [{ ...right, index: (index + 1) % size }] : []), { ...right, leaf: right.root, path: [flipped(right.root)] },
    ]
    expect(wrong.filter(isIncluded)).toEqual([])
  })))

  it('refuses to prove what is not there', () => expect([() => inclusionSpans(3, 3), () => inclusionSpans(-1, 3), () => consistencySpans(0, 3), () => consistencySpans(4, 3)].map(ask => {
    try { return ask() } catch (error) { return (error as Error).name }
  })).toEqual(['RangeError', 'RangeError', 'RangeError', 'RangeError']))
})

describe('a log only grew', () => {
  it('by the path that the definition says', () => fc.assert(fc.property(pair, ({ size, old }) => {
    const lines = linesOf(size), proof = hashes(consistencySpans(old, size), lines)
    expect(proof).toEqual(subproof(old, lines, true))
    expect(isConsistent({ old, size, oldRoot: mth(lines.slice(0, old)), root: mth(lines), path: proof })).toBe(true)
  })))

  it('not when any earlier line was changed, whatever the path', () => fc.assert(fc.property(pair, fc.nat(), ({ size, old }, nth) => {
    const lines = linesOf(size), forged = lines.with(nth % old, 'forged')
    const claim = { old, size, oldRoot: mth(lines.slice(0, old)), root: mth(forged) }
    expect([lines, forged].map(from => isConsistent({ ...claim, path: hashes(consistencySpans(old, size), from) }))).toEqual([false, false])
    expect([isConsistent({ ...claim, path: [] }), isConsistent({ ...claim, old: size + 1, path: [] }), isConsistent({ ...claim, old: -1, path: [] })]).toEqual([false, false, false])
  })))
})
