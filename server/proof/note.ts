import { createHash, createPublicKey, verify } from 'node:crypto'
import { fromBase64 } from './base64.ts'

// C2SP signed-note: a text, an empty line, and signatures that name who signed. Ours are Ed25519 (type 0x01).
export type NoteKey = { name: string; publicKey: Uint8Array }
export type Note = { text: string; signatures: { name: string; keyId: string; signature: Uint8Array }[] }

const largest = 100_000 // characters; a checkpoint has about 200
const ed25519 = Uint8Array.of(1)

/** The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), hex. */
export const noteKeyId = ({ name, publicKey }: NoteKey): string =>
  createHash('sha256').update(`${name}\n`).update(ed25519).update(publicKey).digest('hex').slice(0, 8)

/** How a key is handed on: name+id+base64(0x01 ‖ public key). */
export const writeKey = (key: NoteKey): string => `${key.name}+${noteKeyId(key)}+${Buffer.concat([ed25519, key.publicKey]).toString('base64')}`

/** undefined: no such key text, or its id is not that of the key. */
export function readKey(text: string): NoteKey | undefined {
  const [, name = '', id, held = ''] = /^([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,100})$/.exec(text) ?? []
  const bytes = fromBase64(held)
  if (bytes?.length !== 33 || bytes[0] !== 1) return undefined
  const key = { name, publicKey: new Uint8Array(bytes.subarray(1)) }
  return noteKeyId(key) === id ? key : undefined
}

/** `text` ends with a line feed. */
export async function signNote(text: string, key: NoteKey, sign: (text: Uint8Array) => Promise<Uint8Array>): Promise<string> {
  const signature = await sign(Buffer.from(text, 'utf8'))
  return `${text}\n— ${key.name} ${Buffer.concat([Buffer.from(noteKeyId(key), 'hex'), signature]).toString('base64')}\n`
}

/** undefined: no signed note. Strict: whatever it takes, written again is the same text. */
export function readNote(note: string): Note | undefined {
  if (note.length > largest || !note.isWellFormed() || /[\x00-\x09\x0B-\x1F\x7F\uFEFF]/.test(note)) return undefined
  const [, text = '', lines = ''] = /^(.*\n)\n((?:— [^\n]+\n)+)$/s.exec(note) ?? []
  const signatures = lines.split('\n').slice(0, -1).map(readSignature)
  if (text === '' || signatures.length > 16 || signatures.some(each => !each)) return undefined
  return { text, signatures: signatures.filter(each => each !== undefined) }
}

function readSignature(line: string): Note['signatures'][number] | undefined {
  const [, name = '', held = ''] = /^— ([^\s+]{1,200}) ([A-Za-z0-9+/=]{8,2000})$/.exec(line) ?? []
  const bytes = fromBase64(held)
  return bytes && bytes.length > 4 ? { name, keyId: bytes.toString('hex', 0, 4), signature: new Uint8Array(bytes.subarray(4)) } : undefined
}

/** The text of a note that this key signed, else undefined. Lines of others (witnesses) neither help nor hurt; one by this key that does not hold spoils it. */
export function openNote(note: string, key: NoteKey): string | undefined {
  const read = readNote(note)
  const ours = read?.signatures.filter(({ name, keyId }) => name === key.name && keyId === noteKeyId(key)) ?? []
  return read && ours.length === 1 && ours.every(({ signature }) => holds(read.text, signature, key)) ? read.text : undefined
}

function holds(text: string, signature: Uint8Array, { publicKey }: NoteKey): boolean {
  if (signature.length !== 64) return false
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' })
  return verify(null, Buffer.from(text, 'utf8'), key, signature)
}
