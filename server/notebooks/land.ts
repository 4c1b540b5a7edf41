import { NoteContent, PhotoContent } from '../../schema/notebook-shapes.ts'
import { notebookLandings } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'
import { insertMany } from '../adapters/insert-many.ts'
import type { Case } from '../applications/case.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { writableIn, writeNotes } from '../visits/notes.ts'
import { keepLandedConsents } from '../visits/photo-consents.ts'
import { landInterviews } from './land-interviews.ts'
import { waitingIn, type Landed, type Waiting, type When } from './waiting.ts'

type Known = Pick<Case, 'id' | 'employerId' | 'standardId' | 'stage' | 'scope' | 'submittedAt'>

/**
 * Brings what came home to where it belongs: notes and photos among the notes of the visit, each version once; interviews among the interviews, each item once. Called with
 * every word of a device, for what waited for the last byte of a photo some seconds after it came (land-later.ts), when a visit without notice begins, and before
 * the case is sealed. The case is locked.
 */
export async function land(tx: Db, theCase: Known, when: When): Promise<void> {
  if (!writableIn.includes(theCase.stage)) return
  const waiting = await waitingIn(tx, theCase.id, when.now)
  if (waiting.length > 0) await landAll(tx, theCase, waiting, when)
  await keepLandedConsents(tx, theCase.id, when.now)
}

async function landAll(tx: Db, theCase: Known, waiting: readonly Waiting[], when: When): Promise<void> {
  const asked = new Set((await criteriaFor(tx, theCase, when.now)).map(({ id }) => id))
  const landed = [...await landNotes(tx, theCase, waiting.filter(({ kind }) => kind !== 'interview'), asked, when), ...await landInterviews(tx, theCase, waiting.filter(({ kind }) => kind === 'interview'), when)]
  await insertMany(tx, notebookLandings, landed.map(row => ({ ...row, applicationId: theCase.id, landedAt: when.now })))
}

async function landNotes(tx: Db, theCase: Known, waiting: readonly Waiting[], asked: ReadonlySet<string>, when: When): Promise<Landed[]> {
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
