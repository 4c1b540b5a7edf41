import { createHash } from 'node:crypto'
import type { CredentialKey, LogKey } from '../adapters/keys.ts'
import { SignerUnavailable, type Signer } from '../adapters/signer.ts'
import type { Ask, faults } from '../adapters/signer/wire.ts'
import type { Checkpoint } from '../proof/checkpoint.ts'
import { allowance } from './allowance.ts'
import type { Entry, Ledger } from './ledger.ts'
import { checkpointIn, isProof, whyNotCheckpoint, whyNotCredential, whyNotSeal } from './rules.ts'

export type SigningKeys = { signer: Signer; credentialKey: CredentialKey; logKey: LogKey }
export type Verdict = { signature: Uint8Array } | { fault: (typeof faults)[number]; reason: string }

/** The one door to the three keys: allowance, rules, ledger, signature, in this order. A ledger that cannot be written throws: nothing may be signed then. */
export function signing({ signer, credentialKey, logKey }: SigningKeys, ledger: Ledger, perMinute: number, now: () => number = Date.now) {
  // A public page asks for proofs: they have an allowance of their own, so that visitors cannot keep certificates waiting.
  const allowed = { seal: allowance(perMinute, now), credential: allowance(perMinute, now), proof: allowance(perMinute, now), checkpoint: allowance(perMinute, now) }
  // The last checkpoint of each log, also from before a restart.
  const promised = new Map<string, Checkpoint>([...ledger.promised].map(([origin, { size, root }]) => [origin, { origin, size, root: Buffer.from(root, 'base64') }]))
  const keyIds: Record<Ask, string> = { seal: signer.keyId, credential: credentialKey.kid, checkpoint: Buffer.from(logKey.publicKey).toString('base64') }
  const sign: Record<Ask, (data: Uint8Array) => Promise<Uint8Array>> = { seal: signer.sign, credential: credentialKey.sign, checkpoint: logKey.sign }

  return async (ask: Ask, data: Uint8Array): Promise<Verdict> => {
    const kind = ask === 'credential' && isProof(data) ? 'proof' : ask
    if (!allowed[kind].take()) return { fault: 'limited', reason: `more than ${perMinute} a minute: ${kind}` }
    const checkpoint = ask === 'checkpoint' ? checkpointIn(data) : undefined
    const reason = whyNot(ask, data, checkpoint)
    if (checkpoint && !reason) promised.set(checkpoint.origin, checkpoint) // before anything is awaited: two at once must not both pass
    await ledger.append(entryOf(ask, data, reason, checkpoint))
    return reason ? { fault: 'refused', reason } : sign[ask](data).then(signature => ({ signature }), unlessAway)
  }

  function whyNot(ask: Ask, data: Uint8Array, checkpoint: Checkpoint | undefined): string | undefined {
    if (ask === 'seal') return whyNotSeal(data, signer.certificate)
    if (ask === 'credential') return whyNotCredential(data, credentialKey.kid)
    return checkpoint ? whyNotCheckpoint(checkpoint, promised.get(checkpoint.origin)) : 'this is no checkpoint'
  }

  function entryOf(ask: Ask, data: Uint8Array, refused: string | undefined, checkpoint: Checkpoint | undefined): Entry {
    return {
      at: new Date(now()).toISOString(), ask, digest: createHash('sha256').update(data).digest('hex'), key: keyIds[ask], ...(refused ? { refused } : {}),
      ...(checkpoint ? { checkpoint: { ...checkpoint, root: Buffer.from(checkpoint.root).toString('base64') } } : {}),
    }
  }
}

function unlessAway(error: unknown): Verdict {
  if (error instanceof SignerUnavailable) return { fault: 'unavailable', reason: error.message }
  throw error
}
