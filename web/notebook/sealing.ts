/** What is written to this device, as it lies there: AES-GCM, a fresh iv for each record. */
export type Sealed = { iv: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer }

/** The record's own name is bound to its bytes: one record cannot be put in another's place. */
export async function seal(key: CryptoKey, name: string, plain: Uint8Array<ArrayBuffer>): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: text(name) }, key, plain) }
}

export async function unseal(key: CryptoKey, name: string, { iv, bytes }: Sealed): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: text(name) }, key, bytes))
}

export const sealJson = (key: CryptoKey, name: string, value: unknown) => seal(key, name, text(JSON.stringify(value)))
export const unsealJson = async <Value>(key: CryptoKey, name: string, sealed: Sealed) => JSON.parse(new TextDecoder().decode(await unseal(key, name, sealed))) as Value

export const text = (value: string) => new TextEncoder().encode(value)
export const sha256 = async (bytes: BufferSource) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map(byte => byte.toString(16).padStart(2, '0')).join('')
