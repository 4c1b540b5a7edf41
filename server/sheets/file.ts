import { createHash } from 'node:crypto'
import { contentOf, type Find } from '../certificates/pdf/file/content.ts'
import { add, begun, closed, deflated, plain, ref, reserve, text, time, type Growing } from '../certificates/pdf/file/objects.ts'
import { addFont, codeIn, emptyCase, type TypeCase } from '../certificates/pdf/file/type-case.ts'
import { faces, type Face, type Typefaces } from '../certificates/pdf/fonts.ts'
import { paper } from '../certificates/pdf/pen.ts'
import { pictureName } from './figure.ts'
import type { Jpeg } from './jpeg.ts'
import type { Heading, Sheet } from './sheet.ts'
import { addTags, type Marked } from './tags.ts'

type About = { title: string; author: string; at: Date }

/** The sheet as a tagged PDF, with the glyphs that it uses of each face and its headings as bookmarks. The same sheet gives the same bytes. */
export function fileOf({ pages, lang, faces: opened, headings, pictures }: Sheet, { title, author, at }: About): Buffer {
  const file = begun(), [catalog, tree, tags, resources, info, outlines] = [reserve(file), reserve(file), reserve(file), reserve(file), reserve(file), reserve(file)] as const
  const cases: Partial<Record<Face, TypeCase>> = {}
  const find: Find = letter => {
    const used = cases[letter.face] ?? emptyCase(`R${letter.face}`)
    cases[letter.face] = used
    return { font: letter.face, code: codeIn(used, letter) }
  }
  const marked = pages.map(({ ink }, at): Marked => {
    const { content, marked } = contentOf(ink, find), drawing = add(file, deflated('', Buffer.from(content, 'latin1')))
    return { marked, page: add(file, `<< /Type /Page /Parent ${ref(tree)} /MediaBox [ 0 0 ${paper.width} ${paper.height} ] /Resources ${ref(resources)} /Contents ${ref(drawing)} /StructParents ${at} /Tabs /S >>`) }
  })
  add(file, `<< /Type /Pages /Kids [ ${marked.map(({ page }) => ref(page)).join(' ')} ] /Count ${marked.length} >>`, tree)
  add(file, `<< /ProcSet [ /PDF /Text ] /Font << ${fontsOf(file, cases, opened)} >>${picturesOf(file, pictures)} >>`, resources)
  addTags(file, marked, tags)
  addOutlines(file, headings, marked, outlines)
  add(file, `<< /Title ${text(title)} /Author ${text(author)} /Creator (Akashi) /Producer (Akashi) /CreationDate ${time(at)} /ModDate ${time(at)} >>`, info)
  add(file, `<< /Type /Catalog /Pages ${ref(tree)} /Lang (${lang}) /MarkInfo << /Marked true >> /StructTreeRoot ${ref(tags)} /ViewerPreferences << /DisplayDocTitle true >> /Outlines ${ref(outlines)} >>`, catalog)
  const id = fingerprint(file)
  return closed(file, `/Root ${ref(catalog)} /Info ${ref(info)} /ID [ <${id}> <${id}> ]`)
}

const fontsOf = (file: Growing, cases: Partial<Record<Face, TypeCase>>, opened: Typefaces) => faces.flatMap(face => {
  const used = cases[face]
  return used ? [`/${face} ${ref(addFont(file, used, face, opened[face]))}`] : []
}).join(' ')

// As they came, in the one compression that PDF shares with cameras.
const picturesOf = (file: Growing, pictures: readonly Jpeg[]) => (pictures.length === 0 ? '' : ` /XObject << ${pictures.map(({ width, height, colours, bytes }, at) =>
  `/${pictureName(at)} ${ref(add(file, plain(`/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /${colours === 1 ? 'DeviceGray' : 'DeviceRGB'} /BitsPerComponent 8 /Filter /DCTDecode`, bytes)))}`).join(' ')} >>`)

// A flat list: what is under what the tree of tags tells.
function addOutlines(file: Growing, headings: readonly Heading[], pages: readonly Marked[], root: number): void {
  const told = headings.filter(({ level }) => level !== 'H3'), ids = told.map(() => reserve(file))
  told.forEach(({ text: title, page, y }, at) => {
    const [before, next] = [ids[at - 1], ids[at + 1]]
    add(file, `<< /Title ${text(title)} /Parent ${ref(root)}${before ? ` /Prev ${ref(before)}` : ''}${next ? ` /Next ${ref(next)}` : ''} /Dest [ ${ref(pages[page]?.page ?? root)} /XYZ null ${y.toFixed(1)} null ] >>`, ids[at])
  })
  const [first, last] = [ids[0], ids.at(-1)]
  add(file, `<< /Type /Outlines /Count ${ids.length}${first && last ? ` /First ${ref(first)} /Last ${ref(last)}` : ''} >>`, root)
}

function fingerprint({ pieces }: Growing): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex').slice(0, 32).toUpperCase()
}
