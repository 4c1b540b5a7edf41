import { PDFArray, PDFDocument, PDFHexString, PDFName, PDFNumber, PDFString, type PDFContext, type PDFDict } from 'pdf-lib'

const slot = '**********' // as wide as the widest offset

export type Prepared = { pdf: Buffer; contents: { start: number; end: number } } // between them: < … > of the signature

/** Gives the document its one signature field, certifying (DocMDP 1: no change of any kind), with `room` bytes kept free. */
export async function withPlaceholder(pdf: Uint8Array, { name, at, room }: { name: string; at: Date; room: number }): Promise<Prepared> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false })
  const { context, catalog } = document
  const signature = context.register(signatureDictionary(context, { name, at, room }))
  const page = document.getPage(0)
  const field = context.register(context.obj({
    Type: 'Annot', Subtype: 'Widget', FT: 'Sig', T: PDFString.of('AkashiSeal'), F: 132, Rect: [0, 0, 0, 0], V: signature, P: page.ref,
  }))
  page.node.set(PDFName.of('Annots'), context.obj([field]))
  catalog.set(PDFName.of('AcroForm'), context.obj({ Fields: [field], SigFlags: 3 }))
  catalog.set(PDFName.of('Perms'), context.obj({ DocMDP: signature }))
  return withOffsets(await document.save({ useObjectStreams: false, updateFieldAppearances: false }), room)
}

function signatureDictionary(context: PDFContext, { name, at, room }: { name: string; at: Date; room: number }): PDFDict {
  const range = PDFArray.withContext(context)
  for (const part of [PDFNumber.of(0), PDFName.of(slot), PDFName.of(slot), PDFName.of(slot)]) range.push(part)
  return context.obj({
    Type: 'Sig', Filter: 'Adobe.PPKLite', SubFilter: 'ETSI.CAdES.detached', ByteRange: range, Contents: PDFHexString.of('0'.repeat(2 * room)),
    M: PDFString.of(`D:${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`), Name: PDFHexString.fromText(name),
    Reference: [{ Type: 'SigRef', TransformMethod: 'DocMDP', TransformParams: { Type: 'TransformParams', P: 1, V: PDFName.of('1.2') } }],
  })
}

function withOffsets(saved: Uint8Array, room: number): Prepared {
  const pdf = Buffer.from(saved)
  const start = only(pdf, `<${'0'.repeat(2 * room)}>`)
  const end = start + 2 * room + 2
  const blank = `[ 0 /${slot} /${slot} /${slot} ]`
  const range = `[ 0 ${start} ${end} ${pdf.length - end} ]`.padEnd(blank.length)
  pdf.write(range, only(pdf, blank), 'latin1')
  return { pdf, contents: { start, end } }
}

function only(pdf: Buffer, text: string): number {
  const found = pdf.indexOf(text, 0, 'latin1')
  if (found < 0 || pdf.indexOf(text, found + 1, 'latin1') >= 0) throw new Error('the document must hold the signature placeholder exactly once')
  return found
}
