import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, originOf, signCheckpoint } from '../../server/proof/checkpoint.ts'
import { noteKeyId, openNote, readKey, readNote, writeKey, type NoteKey } from '../../server/proof/note.ts'
import { bundlePath, grownTiles, levelsOf, packLines, tilePath, unpackLines } from '../../server/proof/tiles.ts'

const keyOf = (name: string) => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const key: NoteKey = { name, publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)) }
  return { key, sign: async (text: Uint8Array) => sign(null, text, privateKey) }
}
const ours = keyOf('akashi.test/log'), other = keyOf('akashi.test/log')
const root = new Uint8Array(32).fill(7)
const note = await signCheckpoint({ origin: ours.key.name, size: 12, root }, ours.key, ours.sign)

describe('a signed note', () => {
  // The example of C2SP signed-note, also in Go's golang.org/x/mod/sumdb/note.
  it('is read as others write it', () => {
    const peter = readKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
    const written = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    expect(peter && openNote(written, peter)).toBe("If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n")
    expect(peter && writeKey(peter)).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
  })

  it('is opened by its key alone', async () => {
    expect(openCheckpoint(note, ours.key)).toEqual({ origin: 'akashi.test/log', size: 12, root })
    expect([openCheckpoint(note, other.key), openCheckpoint(note, { ...ours.key, name: 'evil.test/log' })]).toEqual([undefined, undefined])
    const foreign = await signCheckpoint({ origin: 'evil.test/log', size: 12, root }, ours.key, ours.sign)
    expect([openNote(foreign, ours.key), openCheckpoint(foreign, ours.key)]).toEqual([`evil.test/log\n12\n${Buffer.from(root).toString('base64')}\n`, undefined])
  })

  it('keeps standing beside a witness, and falls with a second line of ours that does not hold', async () => {
    const text = note.slice(0, note.indexOf('\n\n') + 1)
    const witness = `— witness.test ${Buffer.alloc(76, 9).toString('base64')}\n`
    const forged = `— ${ours.key.name} ${Buffer.concat([Buffer.from(noteKeyId(ours.key), 'hex'), await other.sign(Buffer.from(text))]).toString('base64')}\n`
    expect([openNote(note + witness, ours.key), openNote(note + forged, ours.key), openNote(`${text}\n${forged}`, ours.key)]).toEqual([text, undefined, undefined])
  })

  it('does not survive any changed, lost or added byte', () => {
    const bytes = Buffer.from(note)
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const flipped = Buffer.from(bytes).fill((bytes[at] ?? 0) ^ mask, at, at + 1)
      const inserted = Buffer.concat([bytes.subarray(0, at), Buffer.of(mask), bytes.subarray(at)])
      const cut = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
      expect([flipped, inserted, cut].map(each => each.equals(bytes) ? undefined : openCheckpoint(each.toString('utf8'), ours.key))).toEqual([undefined, undefined, undefined])
    }), { numRuns: 2000 })
  })

  it.each(['', '\n', '\n\n', 'x', 'x\n\n', 'x\n\n— a b', 'x\r\n\n— a AAAAAAAA\n', `x\n\n${`— a AAAAAAAA\n`.repeat(17)}`, `x\n\n— a AAAAAAB=\n`])('%j is none', text => expect(readNote(text)).toBeUndefined())

  it.each(['', 'a', 'a+b+c', `a+00000000+${Buffer.alloc(33, 1).toString('base64')}`, `a b+00000000+AAAA`])('%j is no key', text => expect(readKey(text)).toBeUndefined())

  it('names its log by host and port', () => expect([originOf('https://akashi.example.jp'), originOf('http://127.0.0.1:3000')]).toEqual(['akashi.example.jp/log', '127.0.0.1:3000/log']))
})

describe('tiles', () => {
  it('are found under the paths of C2SP tlog-tiles', () => expect([tilePath({ level: 0, number: 1234067, width: 256 }), tilePath({ level: 1, number: 0, width: 7 }), bundlePath(67, 256), bundlePath(1067, 3)])
    .toEqual(['tile/0/x001/x234/067', 'tile/1/000.p/7', 'tile/entries/067', 'tile/entries/x001/067.p/3']))

  it('grow with the log: every hash of it is in exactly the tiles of its size', () => fc.assert(fc.property(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 3000 }), (known, more) => {
    const size = known + more
    for (let level = 0; level < levelsOf(size); level += 1) {
      const all = grownTiles(level, 0, size), since = grownTiles(level, known, size), before = new Set(grownTiles(level, 0, known).map(tilePath))
      expect(all.reduce((sum, { width }) => sum + width, 0)).toBe(Math.floor(size / 256 ** level))
      expect(since.map(tilePath)).toEqual(all.map(tilePath).filter(path => !before.has(path)))
    }
  })))

  it('have as many levels as there are complete subtrees to hold', () => expect([0, 1, 255, 256, 65_535, 65_536, 16_777_215, 16_777_216].map(levelsOf)).toEqual([0, 1, 1, 2, 2, 3, 3, 4]))

  it('pack lines so that they come out as they went in, and nothing else comes out', () => fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 }), fc.nat(), (lines, cut) => {
    const packed = packLines(lines)
    expect(unpackLines(packed, lines.length)).toEqual(lines)
    expect([unpackLines(packed, lines.length + 1), packed.length > 0 ? unpackLines(packed.subarray(0, cut % packed.length), lines.length) : undefined]).toEqual([undefined, undefined])
  })))
})
