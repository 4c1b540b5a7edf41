import { ask, isOk } from './ask.ts'
import { writeAudit } from './known.ts'
import { isFull, withRoom } from './quota.ts'
import { fetchQuestions } from './questions.ts'
import { sendSoon } from './schedule.ts'
import { draw, open, state, type Taken } from './state.ts'
import type { Bundle, ListedAudit } from './wire.ts'

/** The visits of whoever is signed in; null while the server cannot be asked. By the way its clock is read. */
export async function offer() {
  const answer = await ask('/notebook/audits')
  state.offered = isOk(answer) ? (answer.body as { audits: ListedAudit[] }).audits : null
  const serverAt = Date.parse(answer.headers.get('date') ?? '')
  if (isOk(answer) && serverAt) state.clockAheadMs = Date.now() - serverAt
  if (answer.status === 401) state.outcome = 'signed_out'
  draw()
}

/** Onto this phone: all that the day needs without a network. Taken out again, what is written stays and the rest is brought up to date. */
export async function takeOut(audit: string) {
  const notebook = open()
  Object.assign(state, { busy: true, said: null, wrong: null })
  draw()
  const [answer, questions] = [await ask(`/notebook/audits/${audit}`, { method: 'POST', json: { device: notebook.device } }), await fetchQuestions()]
  if (isOk(answer)) {
    const known = state.audits.get(audit)
    const bundle: Taken = { ...answer.body as Bundle, questions: questions ?? known?.kept.bundle.questions ?? [] }
    const kept = { bundle, after: known?.kept.after ?? 0, takenAt: new Date().toISOString() }
    await withRoom(notebook.db, () => writeAudit(notebook, audit, kept)).then(() => {
      state.audits.set(audit, { kept, versions: known?.versions ?? new Map() })
      state.said = 'taken_out'
      sendSoon()
    }, (error: unknown) => { if (!isFull(error)) throw error; state.wrong = 'wrong_full_button' })
  } else state.wrong = answer.status === 0 ? 'needs_network' : answer.status === 401 ? 'sign_in_first' : 'not_taken_out_now'
  state.busy = false
  draw()
}
