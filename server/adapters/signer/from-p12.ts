import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Certificate, CertBag, CertificateRevocationList, CRLBag, PFX, PKCS8ShroudedKeyBag, PrivateKeyInfo, type SafeContents } from 'pkijs'
import { keyInMemory } from './from-pem.ts'
import type { SealKey } from './seal-key.ts'

const olderWays = '1.2.840.113549.1.12.1.' // RC2 and 3DES of 1999 (RFC 7292, appendix C): no library here reads them any more
const rewrite = 'openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW'

type Held = { keys: PrivateKeyInfo[]; certificates: X509Certificate[]; crls: Uint8Array[] }

/** A key in a PKCS#12 file (PBES2) with its certificates, as authorities hand it out. Throws when the passphrase is wrong or there is not one key. */
export async function keyFromP12(file: string, passphrase = ''): Promise<SealKey> {
  const { keys: [key, ...more], certificates, crls } = await opened(await readFile(file), passphrase).catch(error => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${file}: cannot be opened with this passphrase (${reason})${reason.includes(olderWays) ? `: write it anew, ${rewrite}` : ''}`)
  })
  if (!key || more.length > 0) throw new Error(`${file}: one private key must be in it`)
  const privateKey = createPrivateKey({ key: Buffer.from(key.toSchema().toBER()), format: 'der', type: 'pkcs8' })
  return { ...keyInMemory(privateKey), certificates, crls }
}

async function opened(bytes: Buffer, passphrase: string): Promise<Held> {
  const password = new Uint8Array(Buffer.from(passphrase, 'utf8')).buffer
  const pfx = PFX.fromBER(new Uint8Array(bytes))
  await pfx.parseInternalValues({ password, checkIntegrity: true })
  const safe = pfx.parsedValue?.authenticatedSafe
  if (!safe) throw new Error('nothing in it')
  await safe.parseInternalValues({ safeContents: safe.safeContents.map(({ contentType }) => contentType === '1.2.840.113549.1.7.6' ? { password } : {}) })
  const held: Held = { keys: [], certificates: [], crls: [] }
  const contents = (safe.parsedValue as { safeContents: { value: SafeContents }[] }).safeContents
  for (const { bagValue } of contents.flatMap(({ value }) => value.safeBags)) await take(bagValue, password, held)
  return held
}

async function take(bag: unknown, password: ArrayBuffer, held: Held) {
  if (bag instanceof PKCS8ShroudedKeyBag) {
    await (bag as unknown as { parseInternalValues(given: { password: ArrayBuffer }): Promise<void> }).parseInternalValues({ password })
    if (bag.parsedValue) held.keys.push(bag.parsedValue)
  }
  if (bag instanceof PrivateKeyInfo) held.keys.push(bag)
  if (bag instanceof CertBag && bag.parsedValue instanceof Certificate) held.certificates.push(new X509Certificate(Buffer.from(bag.parsedValue.toSchema().toBER())))
  if (bag instanceof CRLBag && bag.parsedValue instanceof CertificateRevocationList) held.crls.push(new Uint8Array(bag.parsedValue.toSchema().toBER()))
}
