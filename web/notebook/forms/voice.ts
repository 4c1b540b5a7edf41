import { html, nothing } from 'lit-html'
import { writePieces } from '../drafts.ts'
import { inTurn, keepDraft, preview, refuse, tellFull } from '../open-form.ts'
import { fits } from '../quota.ts'
import { draw, state, type OpenForm } from '../state.ts'
import { number, t } from '../words.ts'
import { words } from './parts.ts'

const pieceMs = 2000 // what a killed tab loses of a memo at most
const longestSeconds = 600
let recorder: MediaRecorder | null = null

export const voiceForm = (form: OpenForm) => html`
  ${form.preview && !recorder ? html`<audio class="memo" controls src=${form.preview}></audio>` : nothing}
  <p role="status" class="lead">${recorder ? t('voice_running', { seconds: form.draft.fields['seconds'] ?? '0' }) : form.pieces.length > 0 ? t('voice_kept', { seconds: number(Number(form.draft.fields['seconds'] ?? 0)) }) : t('voice_none')}</p>
  <p><button type="button" class="button ${recorder ? 'button--danger' : ''}" @click=${() => void (recorder ? stop() : record(form))}>${t(recorder ? 'voice_stop' : form.pieces.length > 0 ? 'voice_again' : 'voice_start')}</button></p>
  ${words(form, 'text', t('voice_text'), '', 2)}`

async function record(form: OpenForm) {
  if (!await fits(longestSeconds * 16_000)) return tellFull(form)
  const stream = await navigator.mediaDevices?.getUserMedia({ audio: true }).catch(() => null)
  if (!stream) return refuse(form, 'wrong_no_microphone')
  if (state.form !== form) return stream.getTracks().forEach(track => { track.stop() }) // left while the phone asked
  form.pieces = []
  const running = new MediaRecorder(stream, { audioBitsPerSecond: 32_000, ...format() }), began = Date.now()
  recorder = running
  Object.assign(form.draft.fields, { type: running.mimeType.split(';')[0] ?? '', seconds: '0' })
  await keepDraft(form)
  await inTurn(form, notebook => writePieces(notebook, form.at, [], { instead: true }))
  let order = Promise.resolve()
  running.addEventListener('dataavailable', ({ data }) => {
    order = order.then(async () => {
      const bytes = new Uint8Array(await data.arrayBuffer())
      if (bytes.length > 0) await inTurn(form, notebook => writePieces(notebook, form.at, [bytes], { from: form.pieces.length }).then(() => void form.pieces.push(bytes)))
      form.draft.fields['seconds'] = String(Math.round((Date.now() - began) / 1000))
      await keepDraft(form)
      if (form.wrong === 'wrong_full' || Date.now() - began > longestSeconds * 1000) stop()
      draw()
    }).catch((error: unknown) => { stop(); throw error })
  })
  form.stop = stop
  form.underWay = new Promise<void>(done => running.addEventListener('stop', () => void order.finally(() => { // the last piece came before
    for (const track of stream.getTracks()) track.stop()
    form.preview = preview(form.pieces, running.mimeType)
    form.stop = null
    done()
    draw()
  })))
  running.start(pieceMs)
  draw()
}

// Named beforehand: an unnamed recorder says what it made only once it runs.
const format = () => ({ mimeType: ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'].find(type => MediaRecorder.isTypeSupported(type)) ?? '' })

function stop() {
  const running = recorder
  recorder = null
  if (running && running.state !== 'inactive') running.stop()
}
