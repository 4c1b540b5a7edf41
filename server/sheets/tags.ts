import { add, ref, reserve, type Growing } from '../certificates/pdf/file/objects.ts'
import { about, kidsOf } from '../certificates/pdf/file/tags.ts'
import type { Part } from '../certificates/pdf/parts.ts'

/** A page as object of the file, and the parts that its marks belong to. */
export type Marked = { page: number; marked: readonly Part[] }

/** Writes the tree of parts (ISO 32000-1, 14.7) as object `root`, over as many pages as there are: a part may begin on one and end on another. */
export function addTags(file: Growing, pages: readonly Marked[], root: number): void {
  const kids = kidsOf(pages.flatMap(({ page, marked }) => marked.map((part, mark) => [part, { page, mark }] as const)))
  const ids = new Map([...kids.keys()].map(part => [part, reserve(file)] as const))
  const idOf = (part: Part) => ids.get(part) ?? root
  const [document] = ids.keys()
  if (!document) throw new Error('a file without parts')
  for (const [part, below] of kids) {
    const items = below.map(kid => ('mark' in kid ? `<< /Type /MCR /Pg ${ref(kid.mark.page)} /MCID ${kid.mark.mark} >>` : ref(idOf(kid.part))))
    add(file, `<< /Type /StructElem /S /${part.role} /P ${ref(part.of ? idOf(part.of) : root)} /K [ ${items.join(' ')} ]${about(part)} >>`, idOf(part))
  }
  const rows = pages.map(({ marked }, at) => `${at} [ ${marked.map(part => ref(idOf(part))).join(' ')} ]`)
  const parents = add(file, `<< /Nums [ ${rows.join(' ')} ] >>`)
  add(file, `<< /Type /StructTreeRoot /K ${ref(idOf(document))} /ParentTree ${ref(parents)} /ParentTreeNextKey ${pages.length} >>`, root)
}
