// The part of pkcs11js that we use. The package is optional and native: it is loaded only when a key lies on a token, and its types are ours.
type Template = { type: number; value?: number | boolean | string | Buffer }[]

export type Module = {
  load(library: string): void
  C_Initialize(): void
  C_GetSlotList(withToken: boolean): Buffer[]
  C_GetTokenInfo(slot: Buffer): { label: string }
  C_OpenSession(slot: Buffer, flags: number): Buffer
  C_CloseSession(session: Buffer): void
  C_GetSessionInfo(session: Buffer): unknown
  C_Login(session: Buffer, user: number, pin: string): void
  C_FindObjectsInit(session: Buffer, template: Template): void
  C_FindObjects(session: Buffer, most: number): Buffer[]
  C_FindObjectsFinal(session: Buffer): void
  C_GetAttributeValue(session: Buffer, object: Buffer, template: Template): { value: Buffer }[]
  C_SignInit(session: Buffer, mechanism: { mechanism: number }, key: Buffer): void
  C_SignAsync(session: Buffer, data: Buffer, signature: Buffer): Promise<Buffer>
}

type Names = 'CKF_SERIAL_SESSION' | 'CKU_USER' | 'CKA_CLASS' | 'CKA_LABEL' | 'CKA_ID' | 'CKA_KEY_TYPE' | 'CKA_MODULUS' | 'CKA_PUBLIC_EXPONENT' | 'CKA_EC_POINT'
  | 'CKO_PRIVATE_KEY' | 'CKO_PUBLIC_KEY' | 'CKK_RSA' | 'CKM_SHA256_RSA_PKCS' | 'CKM_ECDSA' | 'CKR_CRYPTOKI_ALREADY_INITIALIZED' | 'CKR_USER_ALREADY_LOGGED_IN'

export type Cryptoki = Record<Names, number> & { PKCS11: new () => Module }

const nativePackage: string = 'pkcs11js'

/** The native package; throws with what to do when it is not installed. */
export async function cryptoki(): Promise<Cryptoki> {
  try {
    return (await import(nativePackage)).default
  } catch {
    throw new Error('pkcs11: needs the optional package pkcs11js, which is not installed here (npm builds it with a C++ compiler)')
  }
}
