const longest = 255

/**
 * The name as the person knows it, byte for byte; undefined when it cannot be kept. Some senders put the whole path in: the last segment is
 * the name. Refused: nothing left, longer than 255 characters, control characters (NUL and line ends too), what is no Unicode, and the
 * invisible marks that turn text round (they make "exe.pdf" out of "fdp.exe").
 */
export function usableName(sent: string): string | undefined {
  const name = sent.split(/[/\\]/).at(-1) ?? ''
  if (name.trim() === '' || name === '.' || name === '..') return undefined
  if ([...name].length > longest) return undefined
  if (!name.isWellFormed() || name.includes('\uFFFD')) return undefined
  return /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(name) ? undefined : name
}
