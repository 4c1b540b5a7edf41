import { emptyRoot, leafHash, nodeHash, subtreesOf, type Hash, type HashOf } from './merkle.ts'

/** A tree that only remembers what its root needs: one hash for each complete subtree, widest first. */
export type GrowingTree = { size: number; peaks: Hash[] }

export const noLines = (): GrowingTree => ({ size: 0, peaks: [] })

/** The tree of the first `size` lines, from the hashes of its complete subtrees. */
export const treeOf = (size: number, hashOf: HashOf): GrowingTree => ({ size, peaks: subtreesOf({ from: 0, to: size }).map(hashOf) })

/** Adds one line in place. */
export function grow(tree: GrowingTree, line: string | Uint8Array): void {
  let hash = leafHash(line)
  for (let place = tree.size; place % 2 === 1; place = (place - 1) / 2) hash = nodeHash(tree.peaks.pop() ?? emptyRoot, hash)
  tree.peaks.push(hash)
  tree.size += 1
}

export const rootOf = ({ peaks }: GrowingTree): Hash => (peaks.length === 0 ? emptyRoot : peaks.reduceRight((right, left) => nodeHash(left, right)))
