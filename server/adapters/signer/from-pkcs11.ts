import { createHash } from 'node:crypto'
import { integer, sequence } from '../../proof/seal/write-der.ts'
import { SignerUnavailable } from '../signer.ts'
import type { KeyAddress } from './address.ts'
import { cryptoki, type Cryptoki } from './pkcs11.ts'
import { algorithmOf, type SealKey } from './seal-key.ts'
import { sessionOn, type Session } from './token.ts'

/** A key on a token or HSM (PKCS#11). One session, one signature at a time; a session that broke is opened anew. */
export async function keyFromPkcs11(address: KeyAddress): Promise<SealKey> {
  const ck = await cryptoki()
  let current: Session | undefined = await sessionOn(address)
  let last: Promise<unknown> = Promise.resolve()
  const { publicKey } = current
  const algorithm = algorithmOf(publicKey)

  async function onSession<T>(work: (session: Session) => T | Promise<T>): Promise<T> {
    try {
      current ??= await sessionOn(address)
      return await work(current)
    } catch (error) {
      close(current) // a token that was pulled out and put back has forgotten its sessions
      current = undefined
      throw new SignerUnavailable(`the token: ${error instanceof Error ? error.message : error}`)
    }
  }
  const inTurn = <T>(work: (session: Session) => T | Promise<T>): Promise<T> => {
    const mine = last.then(() => onSession(work).catch(() => onSession(work)))
    last = mine.catch(() => undefined)
    return mine
  }
  return {
    publicKey, certificates: [], sign: data => inTurn(session => signed(ck, session, algorithm, data)),
    ready: () => inTurn(({ module, session }) => void module.C_GetSessionInfo(session)),
  }
}

function close(session: Session | undefined) {
  try {
    session?.module.C_CloseSession(session.session)
  } catch { // it is gone with its token
  }
}

async function signed(ck: Cryptoki, { module, session, privateKey }: Session, algorithm: 'RS256' | 'ES256', data: Uint8Array): Promise<Uint8Array> {
  const rsa = algorithm === 'RS256'
  module.C_SignInit(session, { mechanism: rsa ? ck.CKM_SHA256_RSA_PKCS : ck.CKM_ECDSA }, privateKey)
  const input = rsa ? Buffer.from(data) : createHash('sha256').update(data).digest()
  const answer = await module.C_SignAsync(session, input, Buffer.alloc(1024))
  return rsa ? answer : asDer(answer)
}

// A token gives r‖s; CMS wants SEQUENCE { INTEGER r, INTEGER s }.
const asDer = (pair: Uint8Array): Uint8Array => sequence(integer(pair.subarray(0, pair.length / 2)), integer(pair.subarray(pair.length / 2)))
