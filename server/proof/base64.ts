// One spelling for one content: a reader that is lenient here lets a file change a little and stay "the same".

/** undefined: not the base64 (RFC 4648, 4, with padding) that an encoder writes. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

/** undefined: not the base64url without padding (RFC 4648, 5; RFC 7515) that an encoder writes. */
export function fromBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
