import { LRUCache } from 'lru-cache'
import { PDFDocument, PDFRawStream } from 'pdf-lib'
import { faces, openFaces, type Face } from '../fonts.ts'
import { graphicsOf } from '../graphics.ts'
import { layOut } from '../lay-out.ts'
import { paper } from '../pen.ts'
import { specimen, type Common } from '../specimen.ts'
import { phrase } from '../wording.ts'
import { operators } from './content.ts'
import { add, begun, deflated, plain, ref, reserve, type Growing } from './objects.ts'
import { emptyAppearance, widget } from '../../signature/placeholder.ts'
import { addFont, codeIn, emptyCase, type TypeCase } from './type-case.ts'

/** What all certificates have in common, as the first bytes of each: drawings, fonts with the page's own words, colour profile, and the objects that hold the rest together. */
export type Template = {
  file: Growing; cases: Record<Face, TypeCase>; fonts: Record<Face, number>; graphics: string; alt: string
  page: number; widget: number; own: { info: number; metadata: number; content: number; resources: number; tags: number; signature: number; annotations: number }
}

const made = new LRUCache<string, Promise<Template>>({ max: 8 })

/** Made when first needed, in about 100 ms, and kept. */
export function templateFor(common: Common): Promise<Template> {
  const key = JSON.stringify(common)
  const known = made.get(key)
  if (known) return known
  const template = compile(common)
  made.set(key, template)
  template.catch(() => made.delete(key)) // a failure is told to whoever asked, and tried again
  return template
}

async function compile(common: Common): Promise<Template> {
  const opened = await openFaces()
  const file = begun()
  const [catalog, pages, page] = [reserve(file), reserve(file), reserve(file)]
  const own = { info: reserve(file), metadata: reserve(file), content: reserve(file), resources: reserve(file), tags: reserve(file), signature: reserve(file), annotations: reserve(file) }
  const { ja, en } = phrase('signature_field')
  const alt = `${ja} / ${en}`
  const appearance = add(file, emptyAppearance())
  const field = add(file, widget({ signature: own.signature, page, appearance, alt }))
  add(file, `<< /Type /Catalog /Pages ${ref(pages)} /Lang (ja) /Metadata ${ref(own.metadata)} /OutputIntents [ ${ref(await addIntent(file))} ] `
    + `/MarkInfo << /Marked true >> /StructTreeRoot ${ref(own.tags)} /ViewerPreferences << /DisplayDocTitle true >> `
    + `/AcroForm << /Fields [ ${ref(field)} ] /SigFlags 3 >> /Perms << /DocMDP ${ref(own.signature)} >> >>`, catalog)
  add(file, `<< /Type /Pages /Kids [ ${ref(page)} ] /Count 1 >>`, pages)
  add(file, `<< /Type /Page /Parent ${ref(pages)} /MediaBox [ 0 0 ${paper.width} ${paper.height} ] /Resources ${ref(own.resources)} /Contents ${ref(own.content)} `
    + `/Annots ${ref(own.annotations)} /StructParents 0 /Tabs /S >>`, page)
  const graphics = Object.entries(graphicsOf(opened, common.sample)).map(([name, drawing]) => {
    const entries = `/Type /XObject /Subtype /Form /BBox [ 0 0 ${paper.width} ${paper.height} ] /Resources << >>`
    return `/${name} ${ref(add(file, deflated(entries, Buffer.from(operators(drawing), 'latin1'), 9)))}`
  })
  const cases = await specimenCases(common)
  const fonts = Object.fromEntries(faces.map(face => [face, addFont(file, cases[face], face, opened[face])])) as Record<Face, number>
  return { file: { ...file, pieces: [Buffer.concat(file.pieces)] }, cases, fonts, graphics: graphics.join(' '), alt, page, widget: field, own }
}

async function specimenCases(common: Common): Promise<Record<Face, TypeCase>> {
  const cases = Object.fromEntries(faces.map(face => [face, emptyCase(`T${face}`)])) as Record<Face, TypeCase>
  for (const ink of await layOut(specimen(common), null)) if (ink.kind === 'text') for (const letter of ink.letters) codeIn(cases[letter.face], letter)
  return cases
}

// ISO 19005-2, 6.2.3: what red, green and blue mean. The profile is the one that pdf-lib brings along (sRGB IEC61966-2.1, free to pass on).
async function addIntent(file: Growing): Promise<number> {
  const document = await PDFDocument.create({ updateMetadata: false })
  document.convertToPDFA({ conformance: '2B' })
  await document.flush()
  const profile = document.context.enumerateIndirectObjects().map(([, object]) => object)
    .find((object): object is PDFRawStream => object instanceof PDFRawStream && String(object.dict).includes('/N 3'))
  if (!profile) throw new Error('pdf-lib brings no colour profile')
  const compressed = Buffer.from(profile.contents)
  const icc = add(file, plain('/N 3 /Filter /FlateDecode', compressed))
  return add(file, `<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB IEC61966-2.1) /DestOutputProfile ${ref(icc)} >>`)
}
