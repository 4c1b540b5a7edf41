import type { CertificateStatement } from '../../domain/statement.ts'
import { openFaces } from './fonts.ts'
import { drawFoot } from './foot.ts'
import { drawHeading } from './heading.ts'
import { part } from './parts.ts'
import { stamp, type Ink, type Pen } from './pen.ts'
import { drawScope } from './scope.ts'
import { drawScorecard } from './scorecard.ts'

/**
 * Everything on the sheet, Japanese and English, in reading order: what each writer of files writes. `offlineCode`: the text of the second code, if any.
 * Ask missingGlyphs first: a character that no font draws throws here.
 */
export async function layOut(statement: CertificateStatement, offlineCode: string | null): Promise<Ink[]> {
  const pen: Pen = { faces: await openFaces(), ink: [], document: part('Document', null) }
  stamp(pen, 'ground', null)
  drawHeading(pen, statement)
  drawScope(pen, statement)
  drawScorecard(pen, statement)
  drawFoot(pen, statement, offlineCode)
  return pen.ink
}
