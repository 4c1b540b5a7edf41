import { clustersOf } from './clusters.ts'
import { faces, glyphOf, openFaces } from './fonts.ts'

/** The characters, with their selectors, that no font of ours can draw. Empty: the certificate may be issued. */
export async function missingGlyphs(texts: string[]): Promise<string[]> {
  const opened = await openFaces()
  const clusters = new Set(texts.flatMap(clustersOf))
  return [...clusters].filter(cluster => !faces.every(face => glyphOf(opened, face, cluster)))
}
