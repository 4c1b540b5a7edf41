import { PDFDocument } from 'pdf-lib'
import type { CertificateStatement } from '../../domain/statement.ts'
import { embedFaces } from './fonts.ts'
import { drawFoot } from './foot.ts'
import { drawFrame } from './frame.ts'
import { drawHeading } from './heading.ts'
import { describe } from './metadata.ts'
import { paper, type Pen } from './pen.ts'
import { drawScope } from './scope.ts'
import { drawScorecard } from './scorecard.ts'

/**
 * One A4 page, Japanese and English, unsigned. The same statement and instant give the same bytes.
 * Ask missingGlyphs first: a character that no font draws throws here.
 */
export async function drawCertificate(statement: CertificateStatement, at: Date): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false })
  const page = document.addPage([paper.width, paper.height])
  const pen: Pen = { page, fonts: await embedFaces(document, page), widths: new Map() }
  drawFrame(pen, statement.sample)
  drawHeading(pen, statement)
  drawScope(pen, statement)
  drawScorecard(pen, statement)
  drawFoot(pen, statement)
  describe(document, statement, at)
  return document.save({ useObjectStreams: false, updateFieldAppearances: false })
}
