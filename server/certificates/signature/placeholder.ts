import { add, plain, ref, text, time, type Growing } from '../pdf/file/objects.ts'

const slot = '**********' // as wide as the widest offset
const blank = `[ 0 /${slot} /${slot} /${slot} ]`

/** Where the signature goes: between start and end stands <000…>, in bytes from the beginning of the file. */
export type Prepared = { pdf: Buffer; contents: { start: number; end: number } }
export type Slot = { range: number; start: number; end: number }

/** How files are sealed. B-T: one revision, nothing is ever appended. B-LTA: the same, but the job `prolong` may append proof (README.md here). */
export type SealProfile = 'B-T' | 'B-LTA'

// DocMDP (ISO 32000-1, table 254). 1: no change of any kind, and Acrobat calls a file with any added byte invalid. 2: increments may follow.
const changes: Record<SealProfile, 1 | 2> = { 'B-T': 1, 'B-LTA': 2 }

/** The signature dictionary as object `id`: certifying (DocMDP), with `room` bytes kept free for the container. */
export function addSignature(file: Growing, id: number, { name, at, room, profile = 'B-T' }: { name: string; at: Date; room: number; profile?: SealProfile }): Slot {
  return addGap(file, id, { type: '/Sig', format: '/ETSI.CAdES.detached', room, more: `/M ${time(at)} /Name ${text(name)} `
    + `/Reference [ << /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P ${changes[profile]} /V /1.2 >> >> ]` })
}

/** A document time stamp (ISO 32000-2, 12.8.5) as object `id`: a token over the whole file goes into its gap. */
export const addTimeStamp = (file: Growing, id: number, room: number): Slot => addGap(file, id, { type: '/DocTimeStamp', format: '/ETSI.RFC3161', room, more: '/V 0' })

function addGap(file: Growing, id: number, { type, format, room, more }: { type: string; format: string; room: number; more: string }): Slot {
  const head = `<< /Type ${type} /Filter /Adobe.PPKLite /SubFilter ${format} /ByteRange `
  const body = `${head}${blank} /Contents <${'0'.repeat(2 * room)}> ${more} >>`
  const from = file.length + `${id} 0 obj\n`.length
  add(file, body, id)
  const start = from + head.length + blank.length + ' /Contents '.length
  return { range: from + head.length, start, end: start + 2 * room + 2 }
}

/** The widget of the one signature field: no ink, printed, locked; archives ask for an appearance all the same. */
export const widget = ({ signature, page, appearance, alt }: { signature: number; page: number; appearance: number; alt: string }): string =>
  `${field('AkashiSeal', { signature, page, appearance })} /TU ${text(alt)} /StructParent 1 >>`

/** The widget of a document time stamp's field: it shows nothing, and says nothing to a reader of the page. */
export const timeStampWidget = (name: string, of: { signature: number; page: number; appearance: number }): string => `${field(name, of)} >>`

const field = (name: string, { signature, page, appearance }: { signature: number; page: number; appearance: number }): string =>
  `<< /Type /Annot /Subtype /Widget /FT /Sig /T (${name}) /F 132 /Rect [ 0 0 0 0 ] /V ${ref(signature)} /P ${ref(page)} /AP << /N ${ref(appearance)} >>`

/** The body of the appearance: nothing. */
export const emptyAppearance = () => plain('/Type /XObject /Subtype /Form /BBox [ 0 0 0 0 ] /Resources << >>', Buffer.alloc(0))

/** Fills in the byte range, now that the length of the file is known. */
export function withRange(pdf: Buffer, { range, start, end }: Slot): Prepared {
  pdf.write(`[ 0 ${start} ${end} ${pdf.length - end} ]`.padEnd(blank.length), range, 'latin1')
  return { pdf, contents: { start, end } }
}
