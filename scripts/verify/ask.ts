import { X509Certificate } from 'node:crypto'
import type { NoteKey } from '../../server/proof/note.ts'
import { nothing, type Evidence } from './evidence.ts'
import { bytesAt, textAt, Unreachable } from './fetch.ts'
import { mostText } from './read.ts'

type Question = { number: string | undefined; on: string; file: string | null }

/** What the issuer gives to everybody; what cannot be had leaves its checks open. */
export async function ask(url: string, { number, on, file }: Question, logKey: NoteKey | undefined): Promise<Evidence> {
  const text = (path: string) => orNothing(() => textAt(url + path, mostText))
  const proofPath = `/c/${number}/proof.json?on=${on}${file ? `&file=${file}` : ''}`
  const [did, root, keys, status, proof, credential] = await Promise.all([
    text('/.well-known/did.json'), orNothing(() => bytesAt(`${url}/keys/root.der`, mostText)), text('/keys.json'), text('/credentials/status'),
    number ? text(proofPath) : undefined, number ? text(`/c/${number}/certificate.vc.jwt`) : undefined,
  ])
  return { ...nothing, kept: false, did, root, timeStampRoot: timeStampRoot(keys), status, proof, credential, logKey }
}

async function orNothing<T>(fetched: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await fetched()
  } catch (error) {
    if (error instanceof Unreachable) return undefined
    throw error
  }
}

function timeStampRoot(keys: string | undefined): Uint8Array | undefined {
  try {
    return new X509Certificate((JSON.parse(keys ?? '') as { timeStamps: { rootPem: string } }).timeStamps.rootPem).raw
  } catch {
    return undefined
  }
}
