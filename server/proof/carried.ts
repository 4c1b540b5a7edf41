import { readNumber } from '../domain/certificate-number.ts'

const furthest = 1_048_576 // bytes into the file; a certificate of ours is a quarter of that
const longest = 65_536 // bytes of metadata
const ours = 'xmlns:akashi="urn:akashi:certificate:1#"'

/** The log's latest checkpoint when this certificate was issued (a signed note): every holder is a witness of the log. Nothing but our writer's own spelling is read. */
export const carriedCheckpoint = (pdf: Uint8Array): string | undefined => property(pdf, 'checkpoint', 4096)

/** The number that a file claims to bear: for "our number, but altered". It proves nothing by itself. */
export function carriedNumber(pdf: Uint8Array): string | undefined {
  const claimed = property(pdf, 'number', 40)
  const read = claimed === undefined ? undefined : readNumber(claimed)
  return read && 'number' in read && read.number === claimed ? claimed : undefined
}

function property(pdf: Uint8Array, name: string, most: number): string | undefined {
  const [before = '', ...after] = metadataOf(pdf).split(`<akashi:${name}>`)
  const [value = '', ...rest] = (after[0] ?? '').split(`</akashi:${name}>`)
  const single = after.length === 1 && rest.length === 1 && before.includes(ours)
  return single && value !== '' && value.length <= most ? unescaped(value) : undefined
}

// The first packet: what was sealed comes before what somebody appended.
function metadataOf(pdf: Uint8Array): string {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, Math.min(pdf.byteLength, furthest))
  const start = bytes.indexOf('<?xpacket begin=', 0, 'latin1')
  const packet = start < 0 ? bytes.subarray(0, 0) : bytes.subarray(start, start + longest)
  const end = packet.indexOf('<?xpacket end=', 0, 'latin1')
  return end < 0 ? '' : packet.toString('utf8', 0, end)
}

const signs: Record<string, string> = { '&#38;': '&', '&#60;': '<', '&#62;': '>', '&#34;': '"' }

// Undefined for markup, for other entities than our writer's, and for bytes that are no UTF-8.
function unescaped(value: string): string | undefined {
  const bare = value.replace(/&#(?:38|60|62|34);/g, '')
  return /[<>&\uFFFD]/.test(bare) ? undefined : value.replace(/&#(?:38|60|62|34);/g, entity => signs[entity] ?? '')
}
