import type { Part } from '../parts.ts'
import type { Link } from './links.ts'
import { add, ref, reserve, text, type Growing } from './objects.ts'

type Kid<Mark> = { part: Part } | { mark: Mark } // a part within, or a mark on a page

/** Writes the tree of parts (ISO 32000-1, 14.7) as object `root`, for the marks of `page`; the form field hangs at its end. */
export function addTags(file: Growing, marked: readonly Part[], { root, page, field, links }: { root: number; page: number; field: { widget: number; alt: string }; links: readonly Link[] }): void {
  const kids = kidsOf(marked.map((part, mark) => [part, mark] as const))
  const ids = new Map([...kids.keys()].map(part => [part, reserve(file)] as const))
  const idOf = (part: Part) => ids.get(part) ?? root
  const [document] = ids.keys()
  if (!document) throw new Error('a page without parts')
  const form = reserve(file)
  for (const [part, below] of kids) {
    const items = below.map(kid => ('mark' in kid ? String(kid.mark) : ref(idOf(kid.part))))
    if (part === document) items.push(ref(form))
    items.push(...links.filter(link => link.part === part).map(({ annotation }) => objectOn(page, annotation)))
    const parent = part.of ? idOf(part.of) : root
    add(file, `<< /Type /StructElem /S /${part.role} /P ${ref(parent)} /Pg ${ref(page)} /K [ ${items.join(' ')} ]${about(part)} >>`, idOf(part))
  }
  add(file, `<< /Type /StructElem /S /Form /P ${ref(idOf(document))} /Pg ${ref(page)} /Alt ${text(field.alt)} /K ${objectOn(page, field.widget)} >>`, form)
  const parents = add(file, `<< /Nums [ 0 [ ${marked.map(part => ref(idOf(part))).join(' ')} ] 1 ${ref(form)}${links.map(({ part, key }) => ` ${key} ${ref(idOf(part))}`).join('')} ] >>`)
  add(file, `<< /Type /StructTreeRoot /K ${ref(idOf(document))} /ParentTree ${ref(parents)} /ParentTreeNextKey ${2 + links.length} >>`, root)
}

const objectOn = (page: number, object: number) => `<< /Type /OBJR /Obj ${ref(object)} /Pg ${ref(page)} >>`

/** The tree, in the order of the marks: a part enters its parent with its own first mark. */
export function kidsOf<Mark>(marked: Iterable<readonly [Part, Mark]>): Map<Part, Kid<Mark>[]> {
  const kids = new Map<Part, Kid<Mark>[]>()
  const enter = (part: Part): Kid<Mark>[] => {
    const known = kids.get(part)
    if (known) return known
    const above = part.of ? enter(part.of) : undefined
    const below: Kid<Mark>[] = []
    kids.set(part, below)
    above?.push({ part })
    return below
  }
  for (const [part, mark] of marked) enter(part).push({ mark })
  return kids
}

export const about = ({ role, lang, alt, box, scope }: Part): string => [
  lang ? ` /Lang (${lang})` : '', alt ? ` /Alt ${text(alt)}` : '',
  role === 'TH' ? ` /A << /O /Table /Scope /${scope ?? 'Row'} >>` : '', box ? ` /A << /O /Layout /Placement /Block /BBox [ ${box.map(value => value.toFixed(2)).join(' ')} ] >>` : '',
].join('')
