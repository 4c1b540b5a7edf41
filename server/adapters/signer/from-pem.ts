import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { SealKey } from './seal-key.ts'

const signAsync = promisify<string, Uint8Array, KeyObject, Buffer>(sign)

/** A key in a PEM file, perhaps behind a passphrase. */
export async function keyFromPem(file: string, passphrase?: string): Promise<SealKey> {
  return keyInMemory(createPrivateKey({ key: await readFile(file, 'utf8'), ...(passphrase ? { passphrase } : {}) }))
}

export const keyInMemory = (key: KeyObject): SealKey => ({
  publicKey: createPublicKey(key), certificates: [], sign: data => signAsync('sha256', data, key), ready: async () => undefined,
})
