const enough = 16_384 // characters; much longer strings are large objects, which only a full collection frees

/** Small pieces of text as few large ones, in UTF-8. A socket that is written to for each of a million rows costs more memory than the rows. */
export async function* gathered(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let held = ''
  for await (const piece of pieces) {
    held += piece
    if (held.length < enough) continue
    yield Buffer.from(held)
    held = ''
  }
  if (held) yield Buffer.from(held)
}
