import { fromBase64 } from './base64.ts'
import type { Hash } from './merkle.ts'
import { openNote, signNote, type NoteKey } from './note.ts'

/** C2SP tlog-checkpoint: the log `origin` had `size` lines and this root. */
export type Checkpoint = { origin: string; size: number; root: Hash }

/** The log of a server at this address: its host and /log, also the name of its key. */
export const originOf = (publicUrl: string): string => `${new URL(publicUrl).host}/log`

export const signCheckpoint = ({ origin, size, root }: Checkpoint, key: NoteKey, sign: (text: Uint8Array) => Promise<Uint8Array>): Promise<string> =>
  signNote(`${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`, key, sign)

/** What a note by this key says, or undefined when it is no checkpoint of the log of this name or not signed by it. */
export function openCheckpoint(note: string, key: NoteKey): Checkpoint | undefined {
  const read = readCheckpoint(openNote(note, key) ?? '')
  return read?.origin === key.name ? read : undefined
}

/** Reads the text of a note; who signed it, it does not ask. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [, origin = '', digits = '', held = ''] = /^([^\n]{1,200})\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n/.exec(text) ?? []
  const root = fromBase64(held)
  return root?.length === 32 ? { origin, size: Number(digits), root: new Uint8Array(root) } : undefined
}
