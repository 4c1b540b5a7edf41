import { createPrivateKey, randomUUID, X509Certificate as Opened, type KeyObject } from 'node:crypto'
import { access, link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeCrl, makeKeys, makeRoot, makeSeal, makeStamp, privatePem, rootKeyFrom, yesterday, type Revocation, type Root } from './development-certificates.ts'
import { PemConverter, X509Certificate, X509Crl, X509CrlReason } from '@peculiar/x509'
import { crlsIn } from './pem.ts'

export type SealFiles = { keyFile: string; chainFile: string; crlFile: string | undefined }

/**
 * A root, a seal certificate and a CRL for development, made once under dataDir/keys. Returns where the newest seal key and its chain lie
 * (PEM); `crlFile` replaces the chain's own list once something has been revoked. `from`: the first day of its certificates, when it is made now.
 */
export async function developmentAuthority(dataDir: string, from?: Date): Promise<SealFiles> {
  const directory = await installed(dataDir, from)
  const { keyFile, chainFile } = sealFiles(directory, await newestSeal(directory))
  const crlFile = path.join(directory, 'crl.pem')
  return { keyFile, chainFile, crlFile: await exists(crlFile) ? crlFile : undefined }
}

/** The development time-stamp authority under the same root; made at the first call, also in a directory from before there was one. */
export async function developmentStamps(dataDir: string): Promise<{ key: KeyObject; certificate: Opened; root: Uint8Array; crls: Uint8Array[] }> {
  const directory = await installed(dataDir)
  const file = path.join(directory, 'tsa.pem')
  if (!await exists(file)) {
    const root = await rootIn(directory)
    const keys = await makeKeys('p256')
    await keepFirst(file, `${await privatePem(keys)}\n${(await makeStamp(keys, root, yesterday())).toString('pem')}\n`)
  }
  const [pem, rootPem] = await Promise.all([file, path.join(directory, 'root.pem')].map(name => readFile(name, 'utf8')))
  return { key: createPrivateKey(pem ?? ''), certificate: new Opened(pem ?? ''), root: new Opened(rootPem ?? '').raw, crls: await crls(directory) }
}

/** A new seal key and certificate beside the old ones; the newest is used from the next opening on. Returns its certificate (DER). */
export async function newDevelopmentSeal(dataDir: string): Promise<Uint8Array> {
  const directory = await installed(dataDir)
  const { keyFile, chainFile } = sealFiles(directory, await newestSeal(directory) + 1)
  const root = await rootIn(directory)
  const keys = await makeKeys('rsa')
  const seal = await makeSeal(keys, root, yesterday())
  await writeFile(keyFile, await privatePem(keys), { mode: 0o600, flag: 'wx' })
  await keepFirst(chainFile, chainText(seal, root.certificate, (await crls(directory))[0])) // last: a version counts once its chain is there
  return new Uint8Array(seal.rawData)
}

/** A new CRL in which this seal certificate (DER) is revoked since `at`, beside what was revoked before. Returns the list (DER). */
export async function revokeDevelopmentSeal(dataDir: string, certificate: Uint8Array, { at, reason }: { at: Date; reason: keyof typeof X509CrlReason }): Promise<Uint8Array> {
  const directory = await installed(dataDir)
  const { serialNumber } = new X509Certificate(new Uint8Array(certificate))
  const before: Revocation[] = (await crls(directory)).flatMap(der => new X509Crl(new Uint8Array(der)).entries)
    .map(entry => ({ serialNumber: entry.serialNumber, revocationDate: entry.revocationDate, reason: entry.reason ?? X509CrlReason.unspecified }))
  const revoked = [...before.filter(entry => entry.serialNumber !== serialNumber), { serialNumber, revocationDate: at, reason: X509CrlReason[reason] }]
  const crl = await makeCrl(await rootIn(directory), new Date(Math.floor(Date.now() / 1000) * 1000), revoked)
  const draft = path.join(directory, `crl.${randomUUID()}`)
  await writeFile(draft, PemConverter.encode(crl.rawData, 'X509 CRL'), { mode: 0o600 })
  await rename(draft, path.join(directory, 'crl.pem'))
  return new Uint8Array(crl.rawData)
}

const place = (dataDir: string) => path.join(dataDir, 'keys', 'development')

async function installed(dataDir: string, from = yesterday()): Promise<string> {
  const directory = place(dataDir)
  if (!await exists(path.join(directory, 'chain.pem'))) await install(directory, from)
  return directory
}

// The server and its job runner may both come here first: whoever renames first has made the authority, the other one uses it.
async function install(directory: string, from: Date): Promise<void> {
  const made = `${directory}.${randomUUID()}`
  await mkdir(made, { recursive: true, mode: 0o700 })
  for (const [name, content] of Object.entries(await makeAuthority(from))) await writeFile(path.join(made, name), content, { mode: 0o600 })
  try {
    await rename(made, directory)
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    if (!await exists(path.join(directory, 'chain.pem'))) throw error
  }
}

async function makeAuthority(from: Date): Promise<Record<string, string>> {
  const [rootKeys, sealKeys, stampKeys] = await Promise.all([makeKeys('rsa'), makeKeys('rsa'), makeKeys('p256')])
  const root = await makeRoot(rootKeys, from)
  const [seal, stamp, crl] = await Promise.all([makeSeal(sealKeys, root, from), makeStamp(stampKeys, root, from), makeCrl(root, from)])
  return {
    'root.key.pem': await privatePem(rootKeys), 'root.pem': root.certificate.toString('pem'), 'seal.key.pem': await privatePem(sealKeys),
    'chain.pem': chainText(seal, root.certificate, new Uint8Array(crl.rawData)), 'tsa.pem': `${await privatePem(stampKeys)}\n${stamp.toString('pem')}\n`,
  }
}

const chainText = (seal: X509Certificate, root: X509Certificate, crl: Uint8Array | undefined) =>
  [seal.toString('pem'), root.toString('pem'), ...(crl ? [PemConverter.encode(new Uint8Array(crl), 'X509 CRL')] : [])].join('\n')

// seal.key.pem and chain.pem are the first; then seal-2.key.pem, chain-2.pem …
const sealFiles = (directory: string, version: number) => {
  const suffix = version === 1 ? '' : `-${version}`
  return { keyFile: path.join(directory, `seal${suffix}.key.pem`), chainFile: path.join(directory, `chain${suffix}.pem`) }
}

const newestSeal = async (directory: string) =>
  Math.max(1, ...(await readdir(directory)).map(name => Number(/^chain-(\d{1,6})\.pem$/.exec(name)?.[1] ?? 1)))

async function rootIn(directory: string): Promise<Root> {
  const [key, certificate] = await Promise.all(['root.key.pem', 'root.pem'].map(name => readFile(path.join(directory, name), 'utf8')))
  return { key: await rootKeyFrom(key ?? ''), certificate: new X509Certificate(certificate ?? '') }
}

async function crls(directory: string): Promise<Uint8Array[]> {
  const own = await readFile(path.join(directory, 'crl.pem'), 'utf8').catch(() => undefined)
  return crlsIn(own ?? await readFile(path.join(directory, 'chain.pem'), 'utf8'))
}

// Of two that come at once the first one stays.
async function keepFirst(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, content, { mode: 0o600 })
  await link(draft, file).catch(error => { if (error.code !== 'EEXIST') throw error })
  await rm(draft)
}

const exists = (file: string) => access(file).then(() => true, () => false)
