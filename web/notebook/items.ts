import { heads, type ItemKind, type ItemVersion } from '../../server/domain/notebook.ts'
import type { KnownVersion } from './capture.ts'
import { state } from './state.ts'

/** One item as it stands: its heads, more than one where two devices said different things. */
export type Item = { id: string; kind: ItemKind; criterion: string; place: string; heads: { hash: string; known: KnownVersion }[]; struck: boolean }

export function itemsOf(audit: string): Item[] {
  const known = state.audits.get(audit)?.versions ?? new Map<string, KnownVersion>()
  const versions = new Map([...known].map(([hash, { version }]) => [hash, version] as [string, ItemVersion]))
  return [...heads(versions)].flatMap(([id, hashes]) => {
    const standing = hashes.flatMap(hash => { const one = known.get(hash); return one ? [{ hash, known: one }] : [] })
    const [first] = standing
    return first ? [{ id, kind: first.known.version.kind, criterion: first.known.version.criterion, place: first.known.version.place, heads: standing, struck: standing.every(({ known: { version } }) => version.struck) }] : []
  })
}

export const isHere = (item: Item) => state.place === '' || item.place === '' || item.place === state.place
