import { zipSync, strToU8 } from 'fflate'

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const column = (nth: number) => String.fromCharCode(65 + nth)

/** A small .xlsx as Excel writes it: inline texts, numbers, and formulas with their last value. */
export function sheetOf(rows: (string | number | { formula: string; value: string })[][]): Uint8Array {
  const cells = rows.map((row, y) => `<row r="${y + 1}">${row.map((cell, x) => {
    const at = `${column(x)}${y + 1}`
    if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`
    if (typeof cell === 'object') return `<c r="${at}" t="str"><f>${xml(cell.formula)}</f><v>${xml(cell.value)}</v></c>`
    return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${xml(cell)}</t></is></c>`
  }).join('')}</row>`).join('')
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml', about = 'http://schemas.openxmlformats.org'
  return zipSync({
    '[Content_Types].xml': strToU8(`<?xml version="1.0"?><Types xmlns="${about}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/></Types>`),
    '_rels/.rels': strToU8(`<?xml version="1.0"?><Relationships xmlns="${about}/package/2006/relationships"><Relationship Id="rId1" Type="${about}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
    'xl/workbook.xml': strToU8(`<?xml version="1.0"?><workbook xmlns="${about}/spreadsheetml/2006/main" xmlns:r="${about}/officeDocument/2006/relationships"><sheets><sheet name="名簿" sheetId="1" r:id="rId1"/></sheets></workbook>`),
    'xl/_rels/workbook.xml.rels': strToU8(`<?xml version="1.0"?><Relationships xmlns="${about}/package/2006/relationships"><Relationship Id="rId1" Type="${about}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`),
    'xl/worksheets/sheet1.xml': strToU8(`<?xml version="1.0"?><worksheet xmlns="${about}/spreadsheetml/2006/main"><sheetData>${cells}</sheetData></worksheet>`),
  })
}

/** Text as old Japanese office programs save it. */
export function shiftJis(text: string): Buffer {
  const reader = new TextDecoder('shift_jis')
  table ??= new Map(Array.from({ length: 0x10000 }, (_, code) => code).flatMap(code => {
    const bytes = code < 0x100 ? [code] : [code >> 8, code & 255]
    const sign = reader.decode(Uint8Array.from(bytes))
    return [...sign].length === 1 && sign !== '\uFFFD' ? [[sign, bytes] as const] : []
  }).reverse())
  return Buffer.from([...text].flatMap(sign => table?.get(sign) ?? [0x3f]))
}
let table: Map<string, number[]> | undefined
