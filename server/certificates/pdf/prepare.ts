import { createHash } from 'node:crypto'
import type { CertificateStatement } from '../../domain/statement.ts'
import { contentOf, fontName, type Find } from './file/content.ts'
import { addLinks } from './file/links.ts'
import { add, closed, continued, deflated, plain, ref, text, time, type Growing } from './file/objects.ts'
import { addSignature, withRange, type Prepared, type SealProfile } from '../signature/placeholder.ts'
import { addTags } from './file/tags.ts'
import { templateFor, type Template } from './file/template.ts'
import { addFont, codeIn, emptyCase, type TypeCase } from './file/type-case.ts'
import { xmp } from './file/xmp.ts'
import { faces, openFaces, type Face } from './fonts.ts'
import { layOut } from './lay-out.ts'
import { commonOf } from './specimen.ts'
import { phrase } from './wording.ts'

/** `seal`: who signs, and how many bytes to keep free for the container; `checkpoint`: the log's latest signed note; `offlineCode`: the text of the second code. */
export type PageOptions = { at: Date; checkpoint: string | null; offlineCode: string | null; seal: { name: string; room: number; profile?: SealProfile } }

/**
 * The page ready to be sealed: one A4 sheet, tagged, PDF/A-2b, in one revision. The same statement and options give the same bytes.
 * Only what is this certificate's own is written here; the rest is the template's.
 */
export async function prepareCertificate(statement: CertificateStatement, { at, checkpoint, offlineCode, seal }: PageOptions): Promise<Prepared> {
  const template = await templateFor(commonOf(statement))
  const { own, page, widget, alt } = template
  const file = continued(template.file)
  const cases: Partial<Record<Face, TypeCase>> = {}
  const ink = await layOut(statement, offlineCode)
  const { content, marked } = contentOf(ink, finder(template, cases))
  const title = `${phrase('title').ja} ${statement.number}`
  const author = statement.issuer.nameJa
  add(file, plain('/Type /Metadata /Subtype /XML', Buffer.from(xmp({ title, author, number: statement.number, at, checkpoint }))), own.metadata)
  add(file, `<< /Title ${text(title)} /Author ${text(author)} /Creator (Akashi) /Producer (Akashi) /CreationDate ${time(at)} /ModDate ${time(at)} >>`, own.info)
  add(file, deflated('', Buffer.from(content, 'latin1')), own.content)
  add(file, await resources(file, template, cases), own.resources)
  const links = addLinks(file, ink, { page, key: 2 })
  add(file, `[ ${[...links.map(({ annotation }) => annotation), widget].map(ref).join(' ')} ]`, own.annotations)
  addTags(file, marked, { root: own.tags, page, field: { widget, alt }, links })
  const slot = addSignature(file, own.signature, { ...seal, at })
  const id = fingerprint(file)
  return withRange(closed(file, `/Root 1 0 R /Info ${ref(own.info)} /ID [ <${id}> <${id}> ]`), slot)
}

// The template's fonts first; what they lack goes into fonts of this certificate alone.
const finder = (template: Template, cases: Partial<Record<Face, TypeCase>>): Find => letter => {
  const known = template.cases[letter.face].letters.get(letter.cluster)
  if (known) return { font: fontName(letter.face, 'template'), code: known.code }
  const own = cases[letter.face] ?? emptyCase(`C${letter.face}`)
  cases[letter.face] = own
  return { font: fontName(letter.face, 'certificate'), code: codeIn(own, letter) }
}

async function resources(file: Growing, { fonts, graphics }: Template, cases: Partial<Record<Face, TypeCase>>): Promise<string> {
  const opened = await openFaces()
  const names = faces.flatMap(face => {
    const own = cases[face]
    return [`/${fontName(face, 'template')} ${ref(fonts[face])}`, ...(own ? [`/${fontName(face, 'certificate')} ${ref(addFont(file, own, face, opened[face]))}`] : [])]
  })
  return `<< /ProcSet [ /PDF /Text ] /Font << ${names.join(' ')} >> /XObject << ${graphics} >> >>`
}

function fingerprint({ pieces }: Growing): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex').slice(0, 32).toUpperCase()
}
