import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const modulePath = '/usr/lib/softhsm/libsofthsm2.so'
type Pkcs11 = { load(library: string): void; C_GetSlotList(withToken: boolean): Buffer[]; C_CloseAllSessions(slot: Buffer): void }

export const pin = '8642'

/** A PKCS#11 token in software below `directory`, for this process: a token called Akashi with an RSA-3072 and a P-256 key pair. */
export function softToken(directory: string) {
  const tokens = path.join(directory, 'tokens')
  mkdirSync(tokens, { recursive: true })
  process.env.SOFTHSM2_CONF = path.join(directory, 'softhsm2.conf')
  writeFileSync(process.env.SOFTHSM2_CONF, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'Akashi', '--so-pin', '1357', '--pin', pin])
  const tool = (...more: string[]) => execFileSync('pkcs11-tool', ['--module', modulePath, '--token-label', 'Akashi', '--login', '--pin', pin, ...more], { stdio: ['ignore', 'pipe', 'ignore'] })
  tool('--keypairgen', '--key-type', 'rsa:3072', '--label', 'seal rsa', '--id', '01')
  tool('--keypairgen', '--key-type', 'EC:prime256v1', '--label', 'seal ec', '--id', '02')
  writeFileSync(path.join(directory, 'pin'), `${pin}\n`)
  const place = `module-path=${modulePath}&pin-source=file:${path.join(directory, 'pin')}`
  return {
    rsa: `pkcs11:token=Akashi;object=seal%20rsa?${place}`, ec: `pkcs11:token=Akashi;id=%02?${place}`, absent: `pkcs11:token=Akashi;object=nobody?${place}`,
    elsewhere: `pkcs11:token=Other;object=seal%20rsa?${place}`,
    forget() {
      const { PKCS11 } = createRequire(import.meta.url)('pkcs11js') as { PKCS11: new () => Pkcs11 } // optional: only where a token is tested
      const module = new PKCS11()
      module.load(modulePath)
      for (const slot of module.C_GetSlotList(true)) module.C_CloseAllSessions(slot)
    },
    /** SubjectPublicKeyInfo (DER), as the token gives it. */
    publicKey: (label: string): Buffer => tool('--read-object', '--type', 'pubkey', '--label', label),
  }
}
