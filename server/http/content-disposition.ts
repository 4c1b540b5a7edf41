/**
 * RFC 6266 with the name twice: a plain one for old clients, and the real one in UTF-8 (RFC 8187), which everybody newer prefers.
 * Any string is safe: nothing of it can end the header.
 */
export function contentDisposition(name: string, how: 'inline' | 'attachment'): string {
  const whole = name.toWellFormed()
  const plain = whole.replace(/[^\x20-\x7E]+|["\\%]/g, '_') // some clients decode %xx in the plain name, so it has none
  return `${how}; filename="${plain}"; filename*=UTF-8''${encoded(whole)}`
}

// encodeURIComponent leaves ! ' ( ) * - . _ ~; of these RFC 8187 does not let ' ( ) * stand.
const encoded = (name: string) => encodeURIComponent(name).replace(/['()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
