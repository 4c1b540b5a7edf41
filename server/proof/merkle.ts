import { createHash } from 'node:crypto'

// The tree of RFC 6962 (2.1): a leaf and a node are hashed apart, so that neither can pass for the other. Hashes have 32 bytes.
export type Hash = Uint8Array
/** The lines [from, to) of a log. */
export type Span = { from: number; to: number }
/** A complete subtree: 2^level lines from idx · 2^level. */
export type Subtree = { level: number; idx: number }
export type HashOf = (subtree: Subtree) => Hash

const zero = Uint8Array.of(0), one = Uint8Array.of(1)

export const leafHash = (line: string | Uint8Array): Hash => createHash('sha256').update(zero).update(line).digest()
export const nodeHash = (left: Hash, right: Hash): Hash => createHash('sha256').update(one).update(left).update(right).digest()
export const emptyRoot: Hash = createHash('sha256').digest()
export const sameHash = (one: Hash, other: Hash) => Buffer.compare(one, other) === 0

/** The largest power of two below `size`: where a tree of more than one line parts. */
function split(size: number): number {
  let half = 1
  while (half * 2 < size) half *= 2
  return half
}

/** The complete subtrees that make up a span, left to right. Only spans that a proof names are made of one tree: see hashOfSpan. */
export function subtreesOf({ from, to }: Span): Subtree[] {
  const parts: Subtree[] = []
  for (let at = from; at < to;) {
    let level = 0, width = 1
    while (at % (width * 2) === 0 && at + width * 2 <= to) { width *= 2; level += 1 }
    parts.push({ level, idx: at / width })
    at += width
  }
  return parts
}

/** The hash of a span that begins a subtree, put together from complete ones; the smaller ones to the right are joined first. */
export function hashOfSpan(span: Span, hashOf: HashOf): Hash {
  const hashes = subtreesOf(span).map(hashOf)
  return hashes.length === 0 ? emptyRoot : hashes.reduceRight((right, left) => nodeHash(left, right))
}

/** What an inclusion path of line `index` in a tree of `size` lines is made of, from the leaf up. Throws RangeError. */
export function inclusionSpans(index: number, size: number): Span[] {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) throw new RangeError(`no line ${index} among ${size}`)
  const spans: Span[] = []
  for (let from = 0, to = size; to - from > 1;) {
    const middle = from + split(to - from)
    spans.unshift(index < middle ? { from: middle, to } : { from, to: middle })
    if (index < middle) to = middle
    else from = middle
  }
  return spans
}

/** What a consistency proof between a tree of `old` and one of `size` lines is made of (RFC 6962, 2.1.2). Throws RangeError. */
export function consistencySpans(old: number, size: number): Span[] {
  if (!(Number.isSafeInteger(old) && Number.isSafeInteger(size) && old >= 1 && old <= size)) throw new RangeError(`no tree of ${old} within ${size}`)
  const spans: Span[] = []
  let from = 0, to = size, whole = true // whole: the old tree is a subtree that the verifier knows already
  while (old < to) {
    const middle = from + split(to - from)
    if (old <= middle) {
      spans.unshift({ from: middle, to })
      to = middle
    } else {
      spans.unshift({ from, to: middle })
      from = middle
      whole = false
    }
  }
  return whole ? spans : [{ from, to }, ...spans]
}

type Claim = { index: number; size: number; leaf: Hash; path: readonly Hash[]; root: Hash }

/** RFC 9162, 2.1.3.2. Never throws. */
export function isIncluded({ index, size, leaf, path, root }: Claim): boolean {
  if (!isPlace(index) || !isPlace(size) || index >= size) return false
  let hash = leaf
  const arrived = climb(index, size - 1, path, (beside, isLeft) => { hash = isLeft ? nodeHash(beside, hash) : nodeHash(hash, beside) })
  return arrived && sameHash(hash, root)
}

type Growth = { old: number; size: number; oldRoot: Hash; root: Hash; path: readonly Hash[] }

/** Whether the tree of `size` lines begins with the tree of `old` lines (RFC 9162, 2.1.4.2). Never throws. */
export function isConsistent({ old, size, oldRoot, root, path }: Growth): boolean {
  if (!isPlace(old) || !isPlace(size) || old > size) return false
  if (old === size) return path.length === 0 && sameHash(oldRoot, root)
  if (old === 0) return path.length === 0 && sameHash(oldRoot, emptyRoot)
  let place = old - 1, last = size - 1
  while (place % 2 === 1) { place = half(place); last = half(last) }
  const [first, ...rest] = place === 0 ? [oldRoot, ...path] : path
  if (!first) return false
  let before = first, after = first
  const arrived = climb(place, last, rest, (beside, isLeft) => {
    if (isLeft) before = nodeHash(beside, before)
    after = isLeft ? nodeHash(beside, after) : nodeHash(after, beside)
  })
  return arrived && sameHash(before, oldRoot) && sameHash(after, root)
}

const half = (count: number) => Math.floor(count / 2)
const isPlace = (count: number) => Number.isSafeInteger(count) && count >= 0

/** Up a path from a place in a level whose last is `last`; whether it ends at the root. `isLeft`: the hash beside stands to the left. */
function climb(from: number, end: number, path: readonly Hash[], join: (beside: Hash, isLeft: boolean) => void): boolean {
  let place = from, last = end
  for (const beside of path) {
    if (last === 0) return false
    const isLeft = place % 2 === 1 || place === last
    join(beside, isLeft)
    while (isLeft && place % 2 === 0 && place !== 0) { place = half(place); last = half(last) }
    place = half(place)
    last = half(last)
  }
  return last === 0
}
