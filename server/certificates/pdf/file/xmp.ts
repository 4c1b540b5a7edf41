export type Description = { title: string; author: string; number: string; at: Date; checkpoint: string | null }

/** Our own properties; a change of meaning gets another number. server/proof/carried.ts reads them back. */
const ours = 'urn:akashi:certificate:1#'

/** The metadata that archives read (ISO 19005-2, 6.6), equal to the Info dictionary, and what every holder keeps for us: the log's latest checkpoint. */
export const xmp = ({ title, author, number, at, checkpoint }: Description): string => {
  const time = `${at.toISOString().slice(0, 19)}Z`
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format><dc:identifier>${escaped(number)}</dc:identifier>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escaped(title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>${escaped(author)}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>ja</rdf:li><rdf:li>en</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>${time}</xmp:CreateDate><xmp:ModifyDate>${time}</xmp:ModifyDate><xmp:CreatorTool>Akashi</xmp:CreatorTool>
<pdf:Producer>Akashi</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:akashi="${ours}"><akashi:number>${escaped(number)}</akashi:number>${
  checkpoint === null ? '' : `<akashi:checkpoint>${escaped(checkpoint)}</akashi:checkpoint>`}</rdf:Description>
${extension}
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`
}

// ISO 19005-2, 6.6.2.3.3: what is not of the standard's own schemas is described in the file.
const property = (name: string, description: string) => `<rdf:li rdf:parseType="Resource">
<pdfaProperty:name>${name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>${description}</pdfaProperty:description></rdf:li>`

const extension = `<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Akashi certificate</pdfaSchema:schema>
<pdfaSchema:namespaceURI>${ours}</pdfaSchema:namespaceURI><pdfaSchema:prefix>akashi</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
${property('number', 'Number of the certificate')}
${property('checkpoint', 'Latest checkpoint of the transparency log when the certificate was issued: a signed note (C2SP)')}
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>`

const escaped = (text: string) => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
