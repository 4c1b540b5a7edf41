export type Tampered = [what: string, bytes: Buffer]

/** What people and attackers make of a sealed file; everything here must be told apart from the file itself. */
export function tamperedFiles(sealed: Buffer): Tampered[] {
  const { start, end } = contentsOf(sealed)
  const container = (hex: string) => Buffer.from(sealed.toString('latin1', 0, start + 1) + hex.padEnd(end - start - 2, '0') + sealed.toString('latin1', end - 1), 'latin1')
  const held = sealed.toString('latin1', start + 1, end - 1)
  const rewritten = (from: RegExp, to: string) => Buffer.from(sealed.toString('latin1').replace(from, to), 'latin1')
  return [
    ['a byte of the page', flipped(sealed, 5000, 1)],
    ['a comment added', Buffer.concat([sealed, Buffer.from('\n% more')])],
    ['a second signature added', Buffer.concat([sealed, Buffer.from(`\n9 0 obj << /Type /Sig /ByteRange [ 0 ${start} ${end} ${sealed.length - end} ] /Contents <${held}> >> endobj`)])],
    ['the same file twice', Buffer.concat([sealed, sealed])],
    ['padding after the container', container(`${held.slice(0, -2)}01`)],
    ['capital hex', container(held.toUpperCase())],
    ['an empty container', container('')],
    ['a container of the wrong kind', container('3003020101')],
    ['endless nesting', container('3080'.repeat(1000))],
    ['deep nesting', container('30820400'.repeat(1000))],
    ['a length that lies', container('3084ffffffff')],
    ['the beginning of a container', container(held.slice(0, 2000))],
    ['cut short', sealed.subarray(0, sealed.length - 1)], ['cut in the middle', sealed.subarray(0, start + 100)], ['cut before the signature', sealed.subarray(0, start - 200)],
    ['a range beyond the end', rewritten(/\/ByteRange\s*\[\s*0 \d+ \d+ \d+/, '/ByteRange [ 0 9999999999 9999999999 9999999999')],
    ['a negative range', rewritten(/\/ByteRange\s*\[\s*0 \d+/, '/ByteRange [ 0 -1')],
    ['a range that starts late', rewritten(/\/ByteRange\s*\[\s*0 /, '/ByteRange [ 7 ')],
    ['a range without numbers', rewritten(/\/ByteRange\s*\[\s*0 \d+/, '/ByteRange [ 0 abc')],
    ['no range', rewritten(/\/ByteRange/g, '/Nothing')],
    ['no time', rewritten(/\/M\s*\(D:/, '/N (D:')],
    ['nothing', Buffer.alloc(0)], ['no PDF', Buffer.from('no PDF')], ['zeros', Buffer.alloc(100_000)], ['only the word', Buffer.from('/ByteRange')],
  ]
}

/** So many files with one byte changed, outside of the signature or one hexadecimal digit inside of it. */
export function flippedFiles(sealed: Buffer, count: number, where: 'page' | 'container'): Tampered[] {
  const { start, end } = contentsOf(sealed)
  const used = sealed.toString('latin1', start + 1, end - 1).replace(/0+$/, '').length
  const random = lcg(20270301)
  return Array.from({ length: count }, () => {
    const drawn = Math.floor(random() * (where === 'container' ? used : sealed.length - (end - start)))
    const at = where === 'container' ? start + 1 + drawn : drawn < start ? drawn : drawn + end - start
    const mask = where === 'container' ? hexMask(sealed[at] ?? 0) : 1 + Math.floor(random() * 255)
    return [`byte ${at} of ${sealed.length} ^ ${mask}`, flipped(sealed, at, mask)]
  })
}

/** The gap of the signature, from `<` to after `>`, as the file itself says. */
export function contentsOf(sealed: Buffer): { start: number; end: number } {
  const [, start, end] = /\/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)/.exec(sealed.toString('latin1')) ?? []
  return { start: Number(start), end: Number(end) }
}

function flipped(sealed: Buffer, at: number, mask: number): Buffer {
  const bytes = Buffer.from(sealed)
  bytes[at] = (bytes[at] ?? 0) ^ mask
  return bytes
}

// A flip that leaves a lower-case hex digit, so that it reaches the container instead of the spelling.
const hexMask = (digit: number) => digit ^ '0123456789abcdef'.charCodeAt((Number.parseInt(String.fromCharCode(digit), 16) + 7) % 16)

function lcg(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
