import path from 'node:path'
import type { NoteKey } from '../../server/proof/note.ts'
import { sealKeysIn, type SealKeys } from '../../server/proof/seal/key.ts'
import { mostText, readStart, readText } from './read.ts'

/** What lies beside the file. `kept`: from a directory, where nothing may have changed since; else asked for just now. */
export type Evidence = {
  kept: boolean; did: string | undefined; root: Uint8Array | undefined; timeStampRoot: Uint8Array | undefined; proof: string | undefined
  credential: string | undefined; status: string | undefined; checkpoint: string | undefined; logKey: NoteKey | undefined
  sealKeys: SealKeys | undefined
}

export const nothing: Evidence = {
  kept: true, did: undefined, root: undefined, timeStampRoot: undefined, proof: undefined, credential: undefined, status: undefined, checkpoint: undefined, logKey: undefined, sealKeys: undefined,
}

/** A directory as the journey leaves it; whatever is missing leaves its checks open. */
export async function evidenceIn(directory: string): Promise<Evidence> {
  const text = (name: string) => readText(path.join(directory, name))
  const bytes = async (name: string) => (await readStart(path.join(directory, name), mostText))?.bytes
  const [did, root, timeStampRoot, proof, credential, status, checkpoint, keys] = await Promise.all([
    text('did.json'), bytes('root.der'), bytes('time-stamp-root.der'), text('proof.json'), text('certificate.vc.jwt'), text('status.vc.jwt'), text('checkpoint.txt'), text('keys.json'),
  ])
  return { ...nothing, did, root, timeStampRoot, proof, credential, status, checkpoint, sealKeys: keys === undefined ? undefined : sealKeysIn(keys) ?? new Map() } // one that cannot be read is not the same as none
}
