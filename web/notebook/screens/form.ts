import { html, nothing } from 'lit-html'
import { keyed } from 'lit-html/directives/keyed.js'
import { follow } from '../follow.ts'
import { forms } from '../forms/forms.ts'
import { mayKeep } from '../forms/interview.ts'
import { leave, save, typed } from '../open-form.ts'
import { draw, state, to, type OpenForm } from '../state.ts'
import { local, t } from '../words.ts'

/** The form that is open. Without autocomplete a browser keeps no copy of the fields of its own, in clear, for the next start. Whatever is typed is a draft at once; only "keep" makes an item of it, only "throw away" ends it. */
export function formScreen(form: OpenForm) {
  const bundle = state.audits.get(form.audit)?.kept.bundle, criterion = bundle?.criteria.find(({ id }) => id === form.criterion), place = bundle?.sites.find(({ id }) => id === form.place)
  const back = form.criterion ? to('criterion', form.audit, form.criterion) : to('audit', form.audit)
  return html`<p class="crumb"><a href=${back}>${criterion ? `${criterion.id} ${local(criterion, 'title')}` : local(bundle ?? {}, 'name')}</a></p>
  <h1>${t(`kind_${form.kind}`)}</h1>${place ? html`<p><strong>${place.nameJa}</strong></p>` : nothing}
  ${form.restored ? html`<p class="notice" role="status">${t('restored')}</p>` : nothing}
  ${keyed(form.at, html`<form data-form=${form.kind} autocomplete="off" @input=${(event: Event) => took(form, event)} @submit=${(event: Event) => { event.preventDefault(); void save(form) }} novalidate>
    ${form.wrong ? html`<p class="field-error notice notice--attention" role="alert">${t(form.wrong)}</p>` : nothing}
    ${forms[form.kind](form)}
    <p class="actions keep-row">${mayKeep(form) ? html`<button class="button" data-keep ?disabled=${form.busy}>${t(form.busy ? 'working' : 'keep')}</button>` : nothing}
    <button type="button" class="button button--second" @click=${() => void leave(form).then(() => { location.hash = back })}>${t('throw_away')}</button></p></form>`)}`
}

/** The draft is open in another tab of this phone. It stays there; here nothing is begun over it. */
export const elsewhere = (audit: string) => html`<p class="crumb"><a href=${to('audit', audit)}>${local(state.audits.get(audit)?.kept.bundle ?? {}, 'name')}</a></p>
  <p class="notice notice--attention" role="status" data-elsewhere>${t('draft_elsewhere')}</p><p><button type="button" class="button" @click=${() => void follow()}>${t('draft_here')}</button></p>`

/** Fields by name; a box that is not ticked says nothing. */
function took(form: OpenForm, { target }: Event) {
  const field = target as HTMLInputElement
  if (!field.name || field.type === 'file') return
  typed(form, { [field.name]: field.type === 'checkbox' ? (field.checked ? field.value : '') : field.value })
  if (field.type === 'radio' || field.tagName === 'SELECT' || field.name === 'people') draw()
}
