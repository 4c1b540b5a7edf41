import { add, ref, text, time, type Growing } from '../pdf/file/objects.ts'

const slot = '**********' // as wide as the widest offset
const blank = `[ 0 /${slot} /${slot} /${slot} ]`

/** Where the signature goes: between start and end stands <000…>, in bytes from the beginning of the file. */
export type Prepared = { pdf: Buffer; contents: { start: number; end: number } }
export type Slot = { range: number; start: number; end: number }

/** The signature dictionary as object `id`: certifying (DocMDP 1: no change of any kind), with `room` bytes kept free for the container. */
export function addSignature(file: Growing, id: number, { name, at, room }: { name: string; at: Date; room: number }): Slot {
  const head = '<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange '
  const body = `${head}${blank} /Contents <${'0'.repeat(2 * room)}> /M ${time(at)} /Name ${text(name)} `
    + '/Reference [ << /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >> ] >>'
  const from = file.length + `${id} 0 obj\n`.length
  add(file, body, id)
  const start = from + head.length + blank.length + ' /Contents '.length
  return { range: from + head.length, start, end: start + 2 * room + 2 }
}

/** The widget of the one signature field: no ink, printed, locked; archives ask for an appearance all the same. */
export const widget = ({ signature, page, appearance, alt }: { signature: number; page: number; appearance: number; alt: string }): string =>
  `<< /Type /Annot /Subtype /Widget /FT /Sig /T (AkashiSeal) /TU ${text(alt)} /F 132 /Rect [ 0 0 0 0 ] `
  + `/V ${ref(signature)} /P ${ref(page)} /AP << /N ${ref(appearance)} >> /StructParent 1 >>`

/** Fills in the byte range, now that the length of the file is known. */
export function withRange(pdf: Buffer, { range, start, end }: Slot): Prepared {
  pdf.write(`[ 0 ${start} ${end} ${pdf.length - end} ]`.padEnd(blank.length), range, 'latin1')
  return { pdf, contents: { start, end } }
}
