import { nothing, type Evidence } from './evidence.ts'
import { bytesAt, textAt, Unreachable } from './fetch.ts'
import { mostText } from './read.ts'

type Question = { number: string | undefined; on: string; file: string | null }

/** What the issuer gives to everybody; what cannot be had leaves its checks open. */
export async function ask(url: string, { number, on, file }: Question): Promise<Evidence> {
  const text = (path: string) => orNothing(() => textAt(url + path, mostText))
  const bytes = (path: string) => orNothing(() => bytesAt(url + path, mostText))
  const proofPath = `/c/${number}/proof.json?on=${on}${file ? `&file=${file}` : ''}`
  const [did, root, timeStampRoot, status, proof, credential] = await Promise.all([
    text('/.well-known/did.json'), bytes('/keys/root.der'), bytes('/keys/time-stamp-root.der'), text('/credentials/status'),
    number ? text(proofPath) : undefined, number ? text(`/c/${number}/certificate.vc.jwt`) : undefined,
  ])
  return { ...nothing, kept: false, did, root, timeStampRoot, status, proof, credential }
}

async function orNothing<T>(fetched: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await fetched()
  } catch (error) {
    if (error instanceof Unreachable) return undefined
    throw error
  }
}
