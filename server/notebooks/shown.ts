import { asc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { FindingContent, type NotebookPage } from '../../schema/notebook-shapes.ts'
import { notebookDevices, notebookLandings, notebookVersions } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { knows } from '../http/locale.ts'
import { drawingOf } from './drawing.ts'

type Shown = z.infer<typeof NotebookPage>['late'][number]
type Came = { sha256: string; documentId: string | null; refused: string | null; scan: string | null }
export type Kept = { row: typeof notebookVersions.$inferSelect; owner: string; shown: Shown }

const clocks_apart_ms = 24 * 3_600_000

/** Every version of an audit in the order in which it came, as a page shows it. */
export async function versionsOf(db: Db, theCase: Case): Promise<Kept[]> {
  const rows = await db.select({ row: notebookVersions, by: people.name, device: notebookDevices.name, landed: notebookLandings.landed }).from(notebookVersions)
    .innerJoin(people, eq(people.id, notebookVersions.writtenBy)).innerJoin(notebookDevices, eq(notebookDevices.device, notebookVersions.device))
    .leftJoin(notebookLandings, sql`${notebookLandings.applicationId} = ${notebookVersions.applicationId} and ${notebookLandings.hash} = ${notebookVersions.hash}`)
    .where(eq(notebookVersions.applicationId, theCase.id)).orderBy(asc(notebookVersions.number))
  const came = new Map([...await db.execute<Came>(sql`select k.sha256, k.document_id as "documentId", k.refused, d.scan from notebook_files k left join documents d on d.id = k.document_id where k.application_id = ${theCase.id}`)].map(file => [file.sha256, file]))
  const placeOf = (id: string) => theCase.scope?.sites.find(site => site.id === id)?.nameJa ?? id
  return rows.map(({ row, by, device, landed }) => ({ row, owner: by, shown: { ...shownOf(row, came), by, device, landed, waits: null, place: placeOf(row.place) } }))
}

function shownOf({ applicationId, hash, kind, criterion, content, files, deviceAt, serverAt, arrived, struck }: Kept['row'], came: ReadonlyMap<string, Came>): Omit<Shown, 'by' | 'device' | 'landed' | 'waits' | 'place'> {
  const at = new Date(deviceAt)
  return {
    hash, kind, criterion, deviceAt: at, serverAt, clocksApart: Math.abs(at.getTime() - serverAt.getTime()) > clocks_apart_ms, arrived, struck,
    lines: linesOf(content), drawing: drawingOf(content),
    files: files.map(({ part, sha256, size, type }) => {
      const known = came.get(sha256)
      return { part, size, isSound: type.startsWith('audio/'), documentId: known?.documentId ?? null, scan: known?.scan ?? null, refused: known?.refused ?? null, state: known?.documentId ? 'kept' : known?.refused ? 'refused' : 'waiting' }
    }),
    findingHref: kind === 'finding' && !struck && FindingContent.safeParse(content).success ? `/applications/${applicationId}/findings?criterion=${criterion}&notebook=${hash}#raise` : null,
  }
}

const nouns = ['notebooks.field_', 'notebook_page.check_']
const words = ['notebooks.value_', 'findings.grade_', 'interviews.language_', 'interviews.form_', 'notebook_page.check_', 'notebook_page.answer_']
// 'ko' is a language and 'single' a form of interview only where such a thing stands.
const wordsFor = new Map([['grade', ['findings.grade_']], ['language', ['interviews.language_']], ['kind', ['interviews.form_']], ['what', ['notebook_page.check_', 'notebooks.value_']], ['consent', ['notebooks.value_']]])
const known = (starts: readonly string[], end: string) => starts.map(start => start + end).find(key => knows('ja', key)) ?? null
const isAnswer = (value: string) => /^(yes|no|true|false|rather_not|help|stop)$/.test(value)

/** What an item says, by name and value; lists of points are drawn, not listed. */
function linesOf(content: Record<string, unknown>, depth = 2): Shown['lines'] {
  return Object.entries(content).flatMap(([name, value]) => {
    if (Array.isArray(value) || value === null || value === '') return []
    if (typeof value === 'object') return depth > 0 ? linesOf(value as Record<string, unknown>, depth - 1) : []
    const text = String(value)
    return [{ name, label: known(nouns, name), value: text, word: known(wordsFor.get(name) ?? (isAnswer(text) ? words : []), text) }]
  })
}
