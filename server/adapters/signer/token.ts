import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { attributes, type KeyAddress } from './address.ts'
import { cryptoki, type Cryptoki, type Module } from './pkcs11.ts'

export type Session = { module: Module; session: Buffer; privateKey: Buffer; publicKey: KeyObject }

/** Opens a session on the token that the address names and finds its key. Throws what the token says (CKR_…). */
export async function sessionOn({ path, query }: KeyAddress): Promise<Session> {
  const ck = await cryptoki()
  const { token, object, id } = attributes(path, ';')
  const modulePath = query['module-path']
  if (!modulePath || !token || !(object || id)) throw new Error('pkcs11: token, object (or id) and module-path must be in SIGNER_KEY')
  const module = initialized(ck, modulePath)
  const slot = module.C_GetSlotList(true).find(each => module.C_GetTokenInfo(each).label.trim() === token)
  if (!slot) throw new Error(`pkcs11: no token ${token}`)
  const session = module.C_OpenSession(slot, ck.CKF_SERIAL_SESSION)
  const pin = await pinFrom(query)
  unless(ck.CKR_USER_ALREADY_LOGGED_IN, () => module.C_Login(session, ck.CKU_USER, pin))
  const find = (kind: number) => only(module, session, [
    { type: ck.CKA_CLASS, value: kind }, ...(object ? [{ type: ck.CKA_LABEL, value: object }] : []), ...(id ? [{ type: ck.CKA_ID, value: Buffer.from(id, 'latin1') }] : []),
  ], `${object ?? 'the key'} on ${token}`)
  return { module, session, privateKey: find(ck.CKO_PRIVATE_KEY), publicKey: publicKeyOf(ck, module, session, find(ck.CKO_PUBLIC_KEY)) }
}

const modules = new Map<string, Module>() // a module is initialised once per process

function initialized(ck: Cryptoki, path: string): Module {
  const known = modules.get(path)
  if (known) return known
  const module = new ck.PKCS11()
  module.load(path)
  unless(ck.CKR_CRYPTOKI_ALREADY_INITIALIZED, () => module.C_Initialize())
  modules.set(path, module)
  return module
}

function unless(code: number, work: () => unknown) {
  try {
    work()
  } catch (error) {
    if ((error as { code?: number }).code !== code) throw error
  }
}

// RFC 7512, 2.4: the PIN itself, or better the file that holds it.
async function pinFrom(query: Record<string, string>): Promise<string> {
  const source = query['pin-source']
  if (source) return (await readFile(source.replace(/^file:(\/\/(?=\/))?/, ''), 'utf8')).trim()
  return query['pin-value'] ?? ''
}

function only(module: Module, session: Buffer, template: Parameters<Module['C_FindObjectsInit']>[1], what: string): Buffer {
  module.C_FindObjectsInit(session, template)
  const [found, ...more] = module.C_FindObjects(session, 2)
  module.C_FindObjectsFinal(session)
  if (!found || more.length > 0) throw new Error(`pkcs11: ${what}: ${found ? 'more than one' : 'no'} such key pair`)
  return found
}

function publicKeyOf(ck: Cryptoki, module: Module, session: Buffer, key: Buffer): KeyObject {
  const read = (...types: number[]) => module.C_GetAttributeValue(session, key, types.map(type => ({ type }))).map(({ value }) => value)
  const [kind] = read(ck.CKA_KEY_TYPE)
  if (kind?.readUIntLE(0, 4) === ck.CKK_RSA) {
    const [n, e] = read(ck.CKA_MODULUS, ck.CKA_PUBLIC_EXPONENT).map(value => value.toString('base64url'))
    return createPublicKey({ key: { kty: 'RSA', n: n ?? '', e: e ?? '' }, format: 'jwk' })
  }
  const point = read(ck.CKA_EC_POINT)[0]?.subarray(-64) ?? Buffer.alloc(0) // OCTET STRING { 04 ‖ x ‖ y }; another curve's does not open below
  const [x, y] = [point.subarray(0, 32), point.subarray(32)].map(part => part.toString('base64url'))
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, format: 'jwk' })
}
