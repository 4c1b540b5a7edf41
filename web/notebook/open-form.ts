import { v7 } from 'uuid'
import { capture, type NewFile } from './capture.ts'
import { kinds, type Fields } from './content.ts'
import { draftKey, dropDraft, readDrafts, readPieces, writeDraft, type Draft, type DraftFor } from './drafts.ts'
import { holdDraft } from './held-draft.ts'
import { recount } from './loading.ts'
import { asPhoto } from './photos.ts'
import { fits, isFull, withRoom } from './quota.ts'
import { sendSoon } from './schedule.ts'
import { draw, open, state, to, type OpenForm } from './state.ts'
import type { Notebook } from './store.ts'

const saveAfterMs = 250
let timer = 0, writing = Promise.resolve()

/** A correction is for its item; a new form goes on with the draft that is named, else with the last one of its place. */
type For = DraftFor & { item?: string; begun?: string; over?: string[]; fields?: Fields }

const unfinished = new Map<OpenForm, Promise<unknown>>() // forms that were left with a picture or a memo on its way to the disk
const isSame = (one: DraftFor, other: DraftFor) => one.audit === other.audit && one.kind === other.kind && one.criterion === other.criterion && one.place === other.place

/** Opens a form, with what a killed tab left of it. One draft is open in one tab: two would write over each other. */
export async function openForm(wanted: For): Promise<OpenForm | 'elsewhere'> {
  const notebook = open(), { audit, kind, criterion, place, item, begun, over = [], fields = {} } = wanted
  await Promise.all([...unfinished].flatMap(([form, end]) => (isSame(form, wanted) ? [end] : [])))
  const isIt = (draft: Draft) => isSame(draft, wanted) && (item ? draft.item === item : draft.over.length === 0 && (!begun || draft.item === begun))
  const begunBefore = [...(await readDrafts(notebook)).values()].findLast(isIt)
  const fresh = { audit, kind, criterion, place, item: item ?? v7(), over, fields }, at = await draftKey(begunBefore ?? fresh), letGo = await holdDraft(at)
  if (!letGo) return 'elsewhere'
  const kept = (await readDrafts(notebook)).get(at), draft = kept ?? fresh // as the tab left it that had it until now
  if (begunBefore && !kept) return letGo().then(() => openForm(wanted)) // kept for good there, at this moment
  const pieces = kept ? await readPieces(notebook, at) : []
  return { kind, audit, criterion, place, at, draft, restored: kept !== undefined, pieces, preview: preview(pieces, draft.fields['type']), busy: false, wrong: null, unwritten: false, ended: false, letGo, stop: null, underWay: Promise.resolve() }
}

export const preview = (pieces: Uint8Array<ArrayBuffer>[], type = '') => (pieces.length > 0 ? URL.createObjectURL(new Blob(pieces, { type })) : '')

/** What is typed lies on the phone a quarter of a second later. */
export function typed(form: OpenForm, fields: Fields, atOnce = false) {
  Object.assign(form.draft.fields, fields)
  form.unwritten = true
  clearTimeout(timer)
  timer = window.setTimeout(() => void keepDraft(form), atOnce ? 0 : saveAfterMs)
}

export function keepDraft(form: OpenForm): Promise<void> {
  const draft = structuredClone(form.draft)
  form.unwritten = false
  return inTurn(form, async notebook => {
    await writeDraft(notebook, form.at, draft)
    if (state.drafts.has(form.at)) return
    await recount()
    draw()
  })
}

/** One write of a draft after the other, whether its form is still on the screen or not; none after its end. */
export function inTurn(form: OpenForm, write: (notebook: Notebook) => Promise<void>): Promise<void> {
  writing = writing.then(() => writeNow(form, write)).catch((error: unknown) => { if (isFull(error)) tellFull(form); else throw error })
  return writing
}

async function writeNow(form: OpenForm, write: (notebook: Notebook) => Promise<void>) {
  const { notebook } = state
  if (!form.ended && notebook) await withRoom(notebook.db, () => write(notebook))
}

/** The form is left, the tab goes to the background or ends: what was typed in the last quarter of a second is written now. */
export async function flush(form = state.form) {
  if (form?.unwritten) await keepDraft(form)
}

export async function goFrom(form: OpenForm) {
  form.stop?.()
  const written = form.underWay.finally(() => flush(form)).then(() => writing).finally(form.letGo).finally(() => unfinished.delete(form))
  unfinished.set(form, written)
  await flush(form)
}

export async function leave(form: OpenForm) {
  clearTimeout(timer)
  form.ended = true
  form.stop?.()
  await writing
  state.form = null
  await dropDraft(open(), form.at)
  await form.letGo()
}

/** Keeps the form's content for good. Whatever goes wrong, the form stays as it is. */
export async function save(form: OpenForm) {
  if (form.busy) return
  const { wrong, content } = kinds[form.kind]
  form.busy = true
  draw()
  clearTimeout(timer)
  form.stop?.() // a memo that still runs is kept to its end
  await form.underWay
  await writing
  try {
    form.wrong = wrong(form.draft.fields, form.pieces.length + keptFiles(form).length)
    if (form.wrong) return
    const files = await filesOf(form)
    if (!files) return refuse(form, 'wrong_not_a_picture')
    if (!await fits(files.reduce((sum, { bytes }) => sum + bytes.length, 50_000))) return tellFull(form)
    const { item, over, fields } = form.draft, { audit, kind, criterion, place } = form
    const { hash, known } = await capture(open(), { item, over, applicationId: audit, kind, criterion, place, content: content(fields), struck: false, files, kept: files.length > 0 ? [] : keptFiles(form), draft: form.at })
    form.ended = true
    await form.letGo()
    await kept(audit, hash, known)
    state.form = null
    state.said = 'kept'
    location.hash = criterion ? to('criterion', audit, criterion) : to('audit', audit)
  } catch (error) {
    if (!isFull(error)) throw error
    tellFull(form)
  } finally {
    form.busy = false
    draw()
  }
}

/** Every version goes the same way, from a form or from a button. */
export async function kept(audit: string, hash: string, known: Awaited<ReturnType<typeof capture>>['known']) {
  const opened = state.audits.get(audit)
  if (opened) opened.versions = new Map([...opened.versions, [hash, known]])
  await recount()
  sendSoon()
}

async function filesOf({ kind, pieces, draft: { fields } }: OpenForm): Promise<NewFile[] | null> {
  if (pieces.length === 0) return []
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer()), type = fields['type'] ?? ''
  return kind === 'photo' ? asPhoto(bytes, type, fields['place_kept'] === 'yes') : [{ part: 'original', type, bytes }]
}

/** A corrected caption keeps the picture of the version that it replaces. */
const keptFiles = ({ audit, draft: { over } }: OpenForm) => over.map(hash => state.audits.get(audit)?.versions.get(hash)?.version.files ?? []).find(files => files.length > 0) ?? []

export function refuse(form: OpenForm, wrong: string) {
  Object.assign(form, { wrong, busy: false })
  draw()
}
export const tellFull = (form: OpenForm) => refuse(form, 'wrong_full')
