import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import type { z } from 'zod'
import type { Key, Keys } from '../../schema/key-shapes.ts'
import { certificatesIn } from '../adapters/pem.ts'
import { originOf } from '../proof/checkpoint.ts'
import { didOf } from '../proof/did.ts'
import { writeKey } from '../proof/note.ts'
import type { World } from '../world.ts'
import { currentKeys, type KeyRow } from './ensure.ts'
import { keysOf, type KeyState } from './history.ts'

type Known = KeyRow & { state: KeyState; since: Date | null }
const purposes = ['seal', 'credential', 'log'] as const
const states = ['active', 'retired', 'compromised'] as const

/** Every key ever used (peers.md i31), the ones in use first: what anybody needs to check by other means, also years later. */
export async function publishedKeys(world: World): Promise<z.output<typeof Keys>> {
  const known: Known[] = await keysOf(world.database.db)
  const unseen = currentKeys(world).filter(({ keyId }) => !known.some(key => key.keyId === keyId)).map(key => ({ ...key, state: 'active' as const, since: null }))
  const root = new X509Certificate(world.timeStamps.root)
  return {
    did: didOf(world.publicUrl),
    keys: [...known, ...unseen].toSorted(inOrder).map(key => described(key, world)),
    timeStamps: { rootPem: root.toString(), rootFingerprintSha256: sha256(root.raw) },
  }
}

const inOrder = (one: Known, other: Known) => states.indexOf(one.state) - states.indexOf(other.state)
  || purposes.indexOf(one.purpose) - purposes.indexOf(other.purpose) || Number(other.since ?? 0) - Number(one.since ?? 0)

function described({ keyId, purpose, algorithm, state, since, publicKeyPem, certificatesPem }: Known, { publicUrl, signer }: World): z.output<typeof Key> {
  const [leaf, ...issuers] = certificatesIn(certificatesPem ?? '')
  const root = issuers.at(-1)
  const spki = createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' })
  return {
    keyId, purpose, algorithm, state, since, publicKeyPem, development: leaf ? leaf.subject.includes('NOT TRUSTED') : signer.development,
    fingerprintSha256: sha256(leaf?.raw ?? spki), publicKeySha256: sha256(spki), notBefore: leaf?.validFromDate ?? null, notAfter: leaf?.validToDate ?? null,
    certificatePem: leaf?.toString() ?? null, chainPem: issuers.slice(0, -1).map(String), rootPem: root?.toString() ?? null, rootFingerprintSha256: root ? sha256(root.raw) : null,
    verifierKey: purpose === 'log' ? writeKey({ name: originOf(publicUrl), publicKey: spki.subarray(-32) }) : null,
  }
}

const sha256 = (der: Uint8Array) => createHash('sha256').update(der).digest('hex')
