import { setImmediate as pause } from 'node:timers/promises'
import { openFaces } from '../certificates/pdf/fonts.ts'
import { japanDate } from '../domain/calendar.ts'
import { translate, type Locale, type Params } from '../http/locale.ts'
import { fileOf } from '../sheets/file.ts'
import { frame, heading, newSheet, paragraph, styles, type Sheet } from '../sheets/sheet.ts'
import { drawCriteria } from './draw-criteria.ts'
import { drawFindings } from './draw-findings.ts'
import { drawPhotos } from './draw-photos.ts'
import { drawPlan, drawSample } from './draw-plan.ts'
import { drawFacts, drawSites } from './draw-scope.ts'
import { drawUnseen } from './draw-unseen.ts'
import type { ReadPicture } from './pictures.ts'
import type { AuditReport } from './report.ts'

/** What every part of the report is drawn with. `typed`: the language in which people typed; `own`: which of two words is this report's; `read`: a photo from storage. */
export type Drawing = { sheet: Sheet; report: AuditReport; say: (key: string, params?: Params) => string; own: (ja: string, en: string) => string; typed: Locale; read: ReadPicture }

/** Chapters in reading order. */
const chapters = [drawFacts, drawSites, drawPlan, drawSample, drawCriteria, drawFindings, drawPhotos, drawUnseen] as const

/** The audit report as a tagged PDF in one language. The same dossier gives the same file. */
export async function drawReport(report: AuditReport, locale: Locale, { sample, read }: { sample: boolean; read: ReadPicture }): Promise<Buffer> {
  const { holder, dossier: { sha256, sealedAt } } = report
  const say = (key: string, params?: Params) => translate(locale, key.includes('.') ? key : `audit_reports.${key}`, params), own = (ja: string, en: string) => (locale === 'ja' ? ja : en)
  const sheet = newSheet(await openFaces(), locale), name = own(holder.nameJa, holder.nameLatin || holder.nameJa), title = say('title')
  heading(sheet, 'H1', title)
  paragraph(sheet, holder.nameJa, { ...styles.topic, size: 13, leading: 20 }, { lang: 'ja', after: 0 })
  if (holder.nameLatin) paragraph(sheet, holder.nameLatin, styles.text, { lang: 'en', after: 6 })
  for (const chapter of chapters) {
    await chapter({ sheet, report, say, own, typed: 'ja', read })
    await pause() // others are served meanwhile
  }
  if (sheet.lacks) paragraph(sheet, say('lacks'), styles.quiet)
  frame(sheet, [name, title, ...sample ? [translate(locale, 'frame.sample')] : []].join(' · '), say('foot', { sha256 }), (page, of) => say('page', { page, of }))
  return fileOf(sheet, { title: `${title} ${name} ${japanDate(sealedAt)}`, author: 'Akashi', at: sealedAt })
}
