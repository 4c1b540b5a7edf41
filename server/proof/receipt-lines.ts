/**
 * Many receipts in one file (JSON Lines): each line is a whole receipt without the breaks and indents of the document that was signed. The
 * document is made again from it to the letter (also by `jq .`), so the signature of each holds by itself.
 */
export const asLine = (receipt: string): string => `${JSON.stringify(JSON.parse(receipt))}\n`

/** undefined: the line is no JSON. */
export function asDocument(line: string): string | undefined {
  try {
    return `${JSON.stringify(JSON.parse(line), null, 2)}\n`
  } catch {
    return undefined
  }
}
