import { html, nothing, svg } from 'lit-html'
import { typed } from '../open-form.ts'
import { area, asText, bases, fromText, length, minima, onGrid, perPerson, rectangle, sideMetres, type Basis, type Corner } from '../room.ts'
import { draw, type OpenForm } from '../state.ts'
import { number, t } from '../words.ts'
import { choices, input, words } from './parts.ts'

const unit = 40 // of the drawing, for a metre
let held = -1

export function sketchForm(form: OpenForm) {
  const corners = fromText(form.draft.fields['corners'] ?? '')
  const put = (next: Corner[]) => { typed(form, { corners: asText(next) }); draw() }
  return html`
  <p class="small muted" id="room-how">${t('room_how', { side: sideMetres })}</p>
  ${board(form, corners, put)}
  ${measured(corners, Number(form.draft.fields['people'] || 0), (form.draft.fields['basis'] || 'dormitory') as Basis)}
  <p class="room-buttons"><button type="button" class="button button--second" ?disabled=${corners.length === 0} @click=${() => put(corners.slice(0, -1))}>${t('room_undo')}</button>
  <button type="button" class="button button--second" ?disabled=${corners.length === 0} @click=${() => put([])}>${t('room_clear')}</button></p>
  <details class="room-numbers"><summary>${t('room_by_numbers')}</summary>
    <div class="pair">${input(form, 'width', t('room_width'), { short: true, mode: 'decimal' })}${input(form, 'depth', t('room_depth'), { short: true, mode: 'decimal' })}</div>
    <p><button type="button" class="button button--second" @click=${() => put(fromNumbers(form))}>${t('room_draw')}</button></p></details>
  ${input(form, 'people', t('room_people'), { short: true, mode: 'numeric' })}
  ${choices(form, 'basis', t('room_basis'), bases.map(basis => [basis, t(`room_basis_${basis}`, { minimum: minima[basis] })] as const))}
  ${words(form, 'text', t('room_text'), '', 2)}`
}

/** What the room gives each person, beside what the standard asks: in words, and as a bar. */
export function measured(corners: readonly Corner[], people: number, basis: Basis) {
  const square = area(corners), each = perPerson(square, people), least = minima[basis]
  if (square <= 0) return nothing
  const enough = each !== null && each >= least
  return html`<div class="measured" role="status"><p><strong class="measured-area">${t('room_area', { area: number(square, 2) })}</strong></p>
  ${each === null ? nothing : html`<p class="status status--${enough ? 'good' : 'stopped'} status--big">${enough ? '○' : '✕'} ${t(enough ? 'room_enough' : 'room_too_small', { each: number(each, 2), least })}</p>
  <svg class="bar bar--${enough ? 'good' : 'stopped'}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width=${Math.min(100, each / least * 50)} height="8"/><path d="M50 0V8" stroke="currentColor" stroke-width="1"/></svg>`}</div>`
}

export function plan(corners: readonly Corner[]) {
  const [width, depth] = [Math.max(1, ...corners.map(([x]) => x)), Math.max(1, ...corners.map(([, y]) => y))]
  return html`<svg class="room-plan" viewBox="-20 -24 ${width * unit + 40} ${depth * unit + 48}" role="img" aria-label=${t('room_area', { area: number(area(corners), 2) })}>${walls(corners)}</svg>`
}

function board(form: OpenForm, corners: Corner[], put: (next: Corner[]) => void) {
  const at = (event: PointerEvent): Corner => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect()
    return [onGrid((event.clientX - box.left) / box.width * sideMetres), onGrid((event.clientY - box.top) / box.height * sideMetres)]
  }
  const down = (event: PointerEvent) => {
    const point = at(event)
    held = corners.findIndex(corner => length(corner, point) <= .3)
    if (held < 0) put([...corners, point])
    else (event.currentTarget as Element).setPointerCapture(event.pointerId)
  }
  const move = (event: PointerEvent) => { if (held >= 0) put(fromText(form.draft.fields['corners'] ?? '').map((corner, nth) => (nth === held ? at(event) : corner))) }
  const side = sideMetres * unit
  return html`<svg class="room" viewBox="0 0 ${side} ${side}" role="img" aria-label=${t('room_board')} aria-describedby="room-how" @pointerdown=${down} @pointermove=${move} @pointerup=${() => { held = -1 }} @pointercancel=${() => { held = -1 }}>
    ${Array.from({ length: sideMetres + 1 }, (_, nth) => svg`<path class="room-grid" d="M${nth * unit} 0V${side}M0 ${nth * unit}H${side}"/>`)}${walls(corners)}</svg>`
}

const walls = (corners: readonly Corner[]) => svg`<polygon class="room-walls" points=${corners.map(([x, y]) => `${x * unit},${y * unit}`).join(' ')}/>
  ${corners.map(([x, y]) => svg`<circle class="room-corner" cx=${x * unit} cy=${y * unit} r="7"/>`)}
  ${corners.length < 2 ? nothing : corners.map((corner, nth) => {
    const next = corners[(nth + 1) % corners.length] ?? corner
    return corners.length === 2 && nth === 1 ? nothing : svg`<text class="room-length" x=${(corner[0] + next[0]) / 2 * unit} y=${(corner[1] + next[1]) / 2 * unit - 6}>${number(length(corner, next), 2)} m</text>`
  })}`

function fromNumbers({ draft: { fields } }: OpenForm): Corner[] {
  const [width = 0, depth = 0] = ['width', 'depth'].map(name => Number((fields[name] ?? '').normalize('NFKC').replace(',', '.')))
  const sane = (metres: number) => metres > 0 && metres <= 50
  return sane(width) && sane(depth) ? rectangle(width, depth) : fromText(fields['corners'] ?? '')
}
