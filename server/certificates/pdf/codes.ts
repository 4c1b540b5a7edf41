import type { CertificateStatement } from '../../domain/statement.ts'
import { part } from './parts.ts'
import { paper, type Pen } from './pen.ts'
import { drawQrCode, rowsFor } from './qr-code.ts'
import { bands, left, type } from './sheet.ts'
import { fitStack, type Paragraph } from './stack.ts'
import { both, english, japanese, phrase, type Bilingual } from './wording.ts'

const live = { x: left, y: bands.foot.top + 2, side: 76 }
const offline = { x: 264, y: bands.foot.top + 2, side: 65 }

/** Where to check: the code that leads to the live page, large and first; beside it, when there is one, the code that needs no network. */
export function drawCodes(pen: Pen, statement: CertificateStatement, offlineCode: string | null): void {
  drawCode(pen, statement.verifyUrl, live, phrase('live_code', { url: statement.verifyUrl }))
  drawWhere(pen, statement, offlineCode ? 106 : 150)
  if (offlineCode) drawOffline(pen, offlineCode)
}

function drawWhere(pen: Pen, { verifyUrl, issuer }: CertificateStatement, room: number): void {
  const { top, bottom } = bands.foot
  const says = phrase('live_status')
  const paragraphs: Paragraph[] = [
    { words: both(phrase('status')), type: type.label, single: true },
    { words: japanese(verifyUrl), type: { ...type.text, size: 6.6 }, single: true, gap: 1, into: linkTo(pen, verifyUrl) },
    { words: japanese(says.ja), type: { ...type.emphasis, size: 6.8 }, gap: 3 },
    { words: english(says.en), type: { ...type.english, size: 5.8 } },
    { words: both(phrase('complaint')), type: type.label, single: true, gap: 4 },
    { words: japanese(issuer.complaintUrl), type: { ...type.text, size: 6.6 }, single: true, gap: 1, into: linkTo(pen, issuer.complaintUrl) },
  ]
  fitStack(pen, paragraphs, room, bottom - top - 14, 0.4)?.draw({ x: live.x + live.side + 11, top, width: room }, pen.document)
}

const linkTo = (pen: Pen, leadsTo: string) => part('Link', part('P', pen.document), { leadsTo })

function drawOffline(pen: Pen, text: string): void {
  drawCode(pen, text, offline, phrase('offline_code'))
  const says = phrase('offline_status')
  const paragraphs: Paragraph[] = [
    { words: japanese(says.ja), type: { ...type.label, size: 5 }, leading: 1.35, balanced: true },
    { words: english(says.en), type: { ...type.english, size: 4.8 }, gap: 1, leading: 1.3, balanced: true },
  ]
  const [x, top, width] = [offline.x - 3, offline.y + offline.side + 5, offline.side + 6]
  fitStack(pen, paragraphs, width, bands.foot.bottom - 10 - top, 0.6)?.draw({ x, top, width, align: 'centre' }, pen.document)
}

function drawCode(pen: Pen, text: string, { x, y, side }: typeof live, { ja, en }: Bilingual): void {
  const box = [x, paper.height - y - side, x + side, paper.height - y] as const
  drawQrCode(pen, rowsFor(text, side), { x, y, side }, part('Figure', pen.document, { alt: `${ja} / ${en}`, box }))
}
