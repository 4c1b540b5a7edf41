/**
 * A time-stamp authority (RFC 3161): says that these bytes existed at a time, with a signature of its own. `room`: bytes to keep free for
 * one token. `stamp` gives the TimeStampToken (a CMS ContentInfo, DER) over SHA-256(data); throws TimeStampUnavailable.
 */
export type TimeStamps = { room: number; root: Uint8Array; stamp(data: Uint8Array): Promise<Uint8Array> }

export class TimeStampUnavailable extends Error {
  override readonly name = 'TimeStampUnavailable'
}
