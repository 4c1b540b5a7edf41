import { html, nothing } from 'lit-html'
import { photoAnswers } from '../../../server/domain/photo-consent.ts'
import { chunkBytes } from '../chunks.ts'
import { writePieces } from '../drafts.ts'
import { inTurn, keepDraft, preview, refuse, tellFull } from '../open-form.ts'
import { asPhoto } from '../photos.ts'
import { fits } from '../quota.ts'
import { draw, type OpenForm } from '../state.ts'
import { t } from '../words.ts'
import { choices, ticked, words } from './parts.ts'

export const photoForm = (form: OpenForm) => html`
  ${form.preview ? html`<img class="shot" src=${form.preview} alt=${t('photo_chosen')}>` : nothing}
  <p class="shot-buttons"><label class="button ${form.preview ? 'button--second' : ''}"><input class="visually-hidden" type="file" accept="image/*" capture="environment" data-photo @change=${(event: Event) => { form.underWay = choose(form, event) }}>${t(form.preview ? 'photo_again' : 'photo_take')}</label>
  <label class="button button--second"><input class="visually-hidden" type="file" accept="image/*" @change=${(event: Event) => { form.underWay = choose(form, event) }}>${t('photo_pick')}</label></p>
  ${ticked(form, 'place_kept', t('photo_place'), t('photo_place_hint'))}
  ${words(form, 'text', t('photo_text'), '', 2)}
  ${choices({ ...form, draft: { ...form.draft, fields: { consent: 'none', ...form.draft.fields } } }, 'consent', t('photo_consent'), photoAnswers.map(answer => [answer, t(`photo_consent_${answer}`)] as const))}`

/** Looked at, weighed and kept as soon as it was taken: a phone's camera leaves no other copy. What is no picture changes nothing. A form that is left meanwhile keeps it all the same. */
async function choose(form: OpenForm, event: Event) {
  const field = event.target as HTMLInputElement, file = field.files?.[0]
  if (!file) return
  const bytes = new Uint8Array(await file.arrayBuffer())
  field.value = ''
  if (!await asPhoto(bytes, file.type, true)) return refuse(form, 'wrong_not_a_picture')
  if (!await fits(bytes.length)) return tellFull(form)
  form.draft.fields['type'] = file.type
  await keepDraft(form)
  const pieces = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, nth) => bytes.slice(nth * chunkBytes, (nth + 1) * chunkBytes))
  await inTurn(form, async notebook => {
    await writePieces(notebook, form.at, pieces, { instead: true })
    Object.assign(form, { pieces, wrong: null })
  })
  if (form.ended || form.pieces !== pieces) return // thrown away meanwhile, or no room
  if (form.preview) URL.revokeObjectURL(form.preview)
  form.preview = preview(pieces, file.type)
  draw()
}
