import { html, nothing, type TemplateResult } from 'lit-html'
import type { OpenForm } from '../state.ts'
import { t } from '../words.ts'

type More = { hint?: string; short?: boolean; type?: string; mode?: string; max?: number }

/** Fields as the rest of the site has them, filled from the form's draft. */
export function input({ draft: { fields } }: OpenForm, name: string, label: string, { hint, short, type = 'text', mode, max = 200 }: More = {}): TemplateResult {
  return html`<div class="field"><label class="field-label" for=${name}>${label}</label>${hint ? html`<p class="field-hint" id="${name}-hint">${hint}</p>` : nothing}
    <input class="input ${short ? 'input--short' : ''}" id=${name} name=${name} type=${type} inputmode=${mode ?? nothing} maxlength=${max} autocomplete="off" aria-describedby=${hint ? `${name}-hint` : nothing} .value=${fields[name] ?? ''}></div>`
}

export const words = ({ draft: { fields } }: OpenForm, name: string, label: string, hint = '', rows = 4): TemplateResult =>
  html`<div class="field"><label class="field-label" for=${name}>${label}</label>${hint ? html`<p class="field-hint" id="${name}-hint">${hint}</p>` : nothing}
    <textarea class="textarea" id=${name} name=${name} rows=${rows} maxlength="20000" aria-describedby=${hint ? `${name}-hint` : nothing} .value=${fields[name] ?? ''}></textarea></div>`

/** A few answers to see at once; on a phone as wide as a thumb likes. */
export const choices = ({ draft: { fields } }: OpenForm, name: string, label: string, options: readonly (readonly [value: string, label: string])[], inline = false): TemplateResult =>
  html`<fieldset class="field choices ${inline ? 'choices--inline' : ''}"><legend class="field-label">${label}</legend><div class="choices-list">
    ${options.map(([value, said]) => html`<label class="choice"><input type="radio" name=${name} value=${value} .checked=${fields[name] === value}><span>${said}</span></label>`)}</div></fieldset>`

export const ticked = ({ draft: { fields } }: OpenForm, name: string, label: string, hint: string): TemplateResult =>
  html`<div class="field"><label class="choice"><input type="checkbox" name=${name} value="yes" .checked=${fields[name] === 'yes'}><span>${label}<span class="choice-hint">${hint}</span></span></label></div>`

export const yesNo = (form: OpenForm, name: string, label: string) => choices(form, name, label, [['yes', t('yes')], ['no', t('no')]], true)
