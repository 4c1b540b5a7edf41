export const kinds = ['file', 'p12', 'pkcs11', 'awskms'] as const

/** Where a key lies: `file:/key.pem`, `p12:/key.p12`, `pkcs11:token=…;object=…?module-path=…&pin-source=file:…` (RFC 7512), `awskms:KEY?endpoint=…&region=…`. */
export type KeyAddress = { kind: (typeof kinds)[number]; path: string; query: Record<string, string> }

/** Reads a key's address; undefined when it is none. The path of a file is taken as written, without escapes. */
export function readKeyAddress(address: string): KeyAddress | undefined {
  const [, kind, rest = ''] = /^(file|p12|pkcs11|awskms):(.+)$/.exec(address) ?? []
  if (kind === 'file' || kind === 'p12') return { kind, path: rest.replace(/^\/\/(?=\/)/, ''), query: {} }
  if (kind !== 'pkcs11' && kind !== 'awskms') return undefined
  const [path = '', query = ''] = rest.split(/\?(.*)/s)
  return { kind, path, query: attributes(query, '&') }
}

/** `token=Akashi;object=seal%20key` → its parts, unescaped. */
export function attributes(text: string, between: ';' | '&'): Record<string, string> {
  return Object.fromEntries(text.split(between).filter(Boolean).map(part => {
    const [name = '', value = ''] = part.split(/=(.*)/s)
    return [name, decodeURIComponent(value)]
  }))
}
