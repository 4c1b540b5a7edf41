import { PDFName, PDFString, type PDFDocument } from 'pdf-lib'
import type { CertificateStatement } from '../../domain/statement.ts'
import { phrase } from './wording.ts'

/** Title, language and times, twice: in the Info dictionary and as XMP, which archives read. */
export function describe(document: PDFDocument, { number, issuer }: CertificateStatement, at: Date): void {
  const title = `${phrase('title').ja} ${number}`
  document.setTitle(title, { showInWindowTitleBar: true })
  document.setAuthor(issuer.nameJa)
  document.setProducer('Akashi')
  document.setCreator('Akashi')
  document.setCreationDate(at)
  document.setModificationDate(at)
  document.catalog.set(PDFName.of('Lang'), PDFString.of('ja'))
  const metadata = document.context.stream(new TextEncoder().encode(xmp(title, issuer.nameJa, at)), { Type: 'Metadata', Subtype: 'XML' })
  document.catalog.set(PDFName.of('Metadata'), document.context.register(metadata))
}

function xmp(title: string, author: string, at: Date): string {
  const time = `${at.toISOString().slice(0, 19)}Z`
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escaped(title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>${escaped(author)}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>ja</rdf:li><rdf:li>en</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>${time}</xmp:CreateDate><xmp:ModifyDate>${time}</xmp:ModifyDate><xmp:CreatorTool>Akashi</xmp:CreatorTool>
<pdf:Producer>Akashi</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`
}

const escaped = (text: string) => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
