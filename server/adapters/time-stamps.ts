/**
 * A time-stamp authority (RFC 3161): says that these bytes existed at a time, with a signature of its own. Certificates and CRLs are DER.
 * `room`: bytes to keep free for one token, as measured on a real one. `chain`: the certificates between the authority's and `root`;
 * `leaf`: the authority's own, once a token has shown it. `stamp` gives the TimeStampToken (a CMS ContentInfo, DER) over SHA-256(data),
 * checked in full; it throws TimeStampUnavailable. `ready` rejects while no authority can be reached.
 */
export type TimeStamps = {
  readonly room: number
  readonly leaf: Uint8Array | undefined
  root: Uint8Array
  chain: Uint8Array[]
  crls: Uint8Array[]
  development: boolean
  stamp(data: Uint8Array): Promise<Uint8Array>
  ready(): Promise<void>
}

export class TimeStampUnavailable extends Error {
  override readonly name = 'TimeStampUnavailable'
}
