import type { z } from 'zod'
import type { NotebookPage } from '../../schema/notebook-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import { heads } from '../domain/notebook.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById } from '../standard/queries.ts'
import { versionsOf, type Kept } from './shown.ts'
import { versionOf } from './versions.ts'
import { teamOf } from './waiting.ts'
import { waitsFor } from './waits.ts'

type Page = z.infer<typeof NotebookPage>
type Item = Page['conflicts'][number]

/** What came home from the field, for the assessors of the case: conflicts side by side, what came late beside it, and what has not come yet. */
export async function notebookPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<Page | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'assessor')
  if (isRefusal(theCase)) return theCase
  const { content } = await standardById(db, theCase.standardId)
  const all = await versionsOf(db, theCase), team = await teamOf(db, id, now)
  const merged = all.filter(({ row }) => row.arrived === 'merged'), items = itemsOf(merged, { stage: theCase.stage, team, now }), unlanded = items.flatMap(({ heads }) => heads).filter(({ landed }) => nowhereElse.includes(landed))
  const isAside = ({ landed, waits }: Item['heads'][number]) => nowhereElse.includes(landed) || (waits !== null && aside.includes(waits))
  const whole = items.filter(({ heads: [head, other] }) => head && !other && !isAside(head))
  const titles = [...content.criteria, { id: '', titleJa: '', titleEn: '' }]
  return {
    head: headOf(theCase, now), items: items.length, gaps: gapsOf(all),
    filesWaiting: all.flatMap(({ shown }) => shown.files).filter(({ state }) => state === 'waiting').length,
    conflicts: items.filter(({ heads }) => heads.length > 1),
    waiting: items.flatMap(({ heads }) => heads).filter(head => isAside(head) && head.waits !== null), unlanded,
    late: all.filter(({ row }) => row.arrived === 'late').map(({ shown }) => shown),
    groups: titles.flatMap(({ id: criterion, titleJa, titleEn }) => {
      const theirs = whole.filter(({ heads }) => heads[0]?.criterion === criterion).toSorted(byPlace)
      return theirs.length > 0 ? [{ criterion, titleJa, titleEn, items: theirs }] : []
    }),
  }
}

const aside: readonly string[] = ['day_to_come', 'closed', 'closed_for_notes', 'left_the_team']
const nowhereElse: readonly (string | null)[] = ['clash', 'names', 'unfit', 'before_visit']
const byPlace = (one: Item, other: Item) => (one.heads[0]?.place ?? '').localeCompare(other.heads[0]?.place ?? '', 'ja')

function itemsOf(merged: readonly Kept[], at: Parameters<typeof waitsFor>[2]): Item[] {
  const keptBy = new Map(merged.map(kept => [kept.row.hash, kept]))
  const standing = heads(new Map(merged.map(({ row }) => [row.hash, versionOf(row)])))
  return [...standing].map(([item, hashes]) => {
    const found = { item, heads: hashes.flatMap(hash => keptBy.get(hash)?.shown ?? []), earlier: merged.filter(({ row }) => row.item === item && !hashes.includes(row.hash)).map(({ shown }) => shown) }
    return { ...found, heads: hashes.flatMap(hash => keptBy.get(hash) ?? []).map(kept => ({ ...kept.shown, waits: waitsFor(found, kept, at) })) }
  })
}

/** Each capture names the one before it on its device: a name that nobody has come with says that something is still on its way. */
function gapsOf(all: readonly Kept[]): Page['gaps'] {
  const known = new Set(all.map(({ row }) => row.hash)), gaps = new Map<string, Page['gaps'][number]>()
  for (const { row, owner, shown } of all) {
    if (row.previous === '' || known.has(row.previous)) continue
    gaps.set(row.device, { device: shown.device, owner, missing: (gaps.get(row.device)?.missing ?? 0) + 1 })
  }
  return [...gaps.values()]
}
