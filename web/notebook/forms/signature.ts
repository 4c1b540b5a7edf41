import { html, svg } from 'lit-html'
import { typed } from '../open-form.ts'
import { draw, type OpenForm } from '../state.ts'
import { t } from '../words.ts'
import { input } from './parts.ts'

const [width, height] = [320, 140]
let drawing = false

/** Strokes as numbers, so that they are sealed, hashed and drawn like everything else. */
export function signatureForm(form: OpenForm) {
  const strokes = () => form.draft.fields['strokes'] ?? ''
  const at = (event: PointerEvent) => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top].map((value, nth) => Math.round(value / (nth === 0 ? box.width / width : box.height / height))).join(',')
  }
  const put = (text: string) => { typed(form, { strokes: text }); draw() }
  const down = (event: PointerEvent) => {
    drawing = true
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    put([strokes(), at(event)].filter(Boolean).join(';'))
  }
  return html`${input(form, 'name', t('signature_name'))}${input(form, 'role', t('signature_role'))}
  <p class="field-label" id="sign-here">${t('signature_here')}</p>
  <svg class="pad" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="sign-here" @pointerdown=${down} @pointermove=${(event: PointerEvent) => { if (drawing) put(`${strokes()} ${at(event)}`) }} @pointerup=${() => { drawing = false }} @pointercancel=${() => { drawing = false }}>${lines(strokes())}</svg>
  <p><button type="button" class="button button--second" @click=${() => put('')}>${t('signature_again')}</button></p>`
}

export const signed = (strokes: string) => html`<svg class="pad" viewBox="0 0 ${width} ${height}" role="img" aria-label=${t('kind_signature')}>${lines(strokes)}</svg>`
const lines = (strokes: string) => strokes.split(';').filter(Boolean).map(stroke => svg`<polyline class="stroke" points=${stroke.includes(' ') ? stroke : `${stroke} ${stroke}`}/>`)
