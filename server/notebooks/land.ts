import { sql } from 'drizzle-orm'
import { InterviewForm } from '../../schema/interview-shapes.ts'
import { InterviewContent, NoteContent, PhotoContent } from '../../schema/notebook-shapes.ts'
import { notebookLandings, type landings } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { namesSomebody } from '../domain/anonymity.ts'
import { isRefusal } from '../domain/refusal.ts'
import { writeInterview } from '../interviews/keep.ts'
import { writableIn, writeNotes } from '../visits/notes.ts'
import { keepLandedConsents } from '../visits/photo-consents.ts'

type Waiting = { hash: string; kind: 'note' | 'photo' | 'interview'; criterion: string; content: unknown; struck: boolean; corrects: boolean; writtenBy: string; photoId: string | null; wanted: number; stopped: number }
type Landed = { hash: string; landed: (typeof landings)[number]; noteId?: string; interviewId?: string }
type When = { now: Date; requestId: string }

/**
 * Brings what came home to where it belongs: notes and photos among the notes of the visit, interviews among the interviews; each version once. Called in the
 * transaction that makes it possible: when versions arrive, when the last byte of a photo does (`sha256`: only what waited for it), when a visit without notice
 * begins. The case is locked.
 */
export async function land(tx: Db, theCase: Case, { sha256, ...when }: When & { sha256?: string }): Promise<void> {
  if (!writableIn.includes(theCase.stage)) return
  const waiting = await waitingIn(tx, theCase.id, { now: when.now, sha256 })
  if (waiting.length > 0) await landAll(tx, theCase, waiting, when)
  await keepLandedConsents(tx, theCase.id, when.now)
}

async function landAll(tx: Db, theCase: Case, waiting: readonly Waiting[], when: When): Promise<void> {
  const asked = new Set((await criteriaFor(tx, theCase, when.now)).map(({ id }) => id))
  const landed = [...await landNotes(tx, theCase, waiting.filter(({ kind }) => kind !== 'interview'), asked, when), ...await landInterviews(tx, theCase, waiting.filter(({ kind }) => kind === 'interview'), when)]
  if (landed.length > 0) await tx.insert(notebookLandings).values(landed.map(row => ({ ...row, applicationId: theCase.id, landedAt: when.now })))
}

// Of the team as it is now. `wanted`: how many originals a photo still waits for; a photo without an original goes with its small copy.
const waitingIn = async (tx: Db, applicationId: string, { now, sha256 }: { now: Date; sha256: string | undefined }): Promise<Waiting[]> => [...await tx.execute<Waiting>(sql`
  with team as materialized (select distinct person_id from assignments where application_id = ${applicationId} and is_of_the_team(person_id, application_id, ${now.toISOString()}::timestamptz))
  select v.hash, v.kind, v.criterion, v.content, v.struck, cardinality(v.over) > 0 as corrects, v.written_by as "writtenBy", f."photoId", coalesce(f.wanted, 0)::int as wanted, coalesce(f.stopped, 0)::int as stopped
  from notebook_versions v left join lateral (
    select (array_agg(k.document_id order by n.file->>'part') filter (where k.document_id is not null))[1] as "photoId",
      count(*) filter (where k.sha256 is null) as wanted, count(*) filter (where k.refused is not null) as stopped
    from jsonb_array_elements(v.files) n(file) left join notebook_files k on k.application_id = v.application_id and k.sha256 = n.file->>'sha256'
    where n.file->>'part' = 'original' or not v.files @> '[{"part": "original"}]') f on true
  where v.application_id = ${applicationId} and v.arrived = 'merged' and v.kind in ('note', 'photo', 'interview') and v.written_by in (select person_id from team)
    ${sha256 === undefined ? sql`` : sql`and v.files @> ${naming(sha256)}::jsonb`}
    and not exists (select from notebook_landings l where l.application_id = v.application_id and l.hash = v.hash)
  order by v.number`)]

/** The versions that name a file, for the index of files. */
export const naming = (sha256: string) => JSON.stringify([{ sha256 }])

async function landNotes(tx: Db, theCase: Case, waiting: readonly Waiting[], asked: ReadonlySet<string>, when: When): Promise<Landed[]> {
  const ready = waiting.filter(({ kind, wanted, struck }) => kind === 'note' || wanted === 0 || struck)
  const judged = ready.map(version => ({ version, note: asked.has(version.criterion) ? noteOf(version) : null }))
  const landed: Landed[] = judged.flatMap(({ version: { hash }, note }) => (note === null ? [{ hash, landed: 'unfit' as const }] : []))
  for (const personId of new Set(ready.map(({ writtenBy }) => writtenBy))) {
    const theirs = judged.flatMap(({ version, note }) => (note !== null && version.writtenBy === personId ? [{ hash: version.hash, criterion: version.criterion, note, ...(version.photoId ? { photoId: version.photoId } : {}) }] : []))
    const ids = await writeNotes(tx, theCase, theirs, { viewer: { personId }, ...when })
    landed.push(...theirs.map(({ hash }, index) => ({ hash, landed: 'note' as const, noteId: ids[index] ?? '' })))
  }
  return landed
}

const saidOf = { struck: '取消し / struck: ', corrects: '訂正 / corrected: ', photo: '写真 / photo' }

/** The words of the note; null when there are none, or when the photo turned out to be no photo. Nothing before it is overwritten, so a later version says what it is. */
function noteOf({ kind, content, struck, corrects, photoId, stopped }: Waiting): string | null {
  const read = kind === 'note' ? NoteContent.safeParse(content) : PhotoContent.safeParse(content)
  const text = read.success ? read.data.text.trim() : ''
  const mark = struck ? saidOf.struck : corrects ? saidOf.corrects : ''
  if (kind === 'photo') return !struck && (stopped > 0 || !photoId) ? null : `${mark}${text || saidOf.photo}`
  return text === '' && !struck ? null : `${mark}${text}`
}

async function landInterviews(tx: Db, theCase: Case, waiting: readonly Waiting[], when: When): Promise<Landed[]> {
  if (theCase.stage !== 'visit_planned') return []
  const landed: Landed[] = []
  for (const { hash, content, struck, writtenBy } of waiting) {
    const read = InterviewContent.safeParse(content)
    const form = read.success && !struck ? InterviewForm.safeParse(read.data) : null
    if (!form?.success) {
      landed.push({ hash, landed: read.success && namesSomebody(read.data.notes) ? 'names' : 'unfit' })
      continue
    }
    const kept = await writeInterview(tx, theCase, form.data, { personId: writtenBy, ...when })
    if (!isRefusal(kept)) landed.push({ hash, landed: 'interview', interviewId: kept.interviewId })
    else if (kept.refused === 'already_exists') landed.push({ hash, landed: 'clash' })
    // a day that has not come yet by our clock: it waits
  }
  return landed
}
