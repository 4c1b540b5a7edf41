import { html, nothing } from 'lit-html'
import { lockUp } from '../locked.ts'
import { state, to } from '../state.ts'
import { takeOut } from '../take-out.ts'
import { mayGo } from './may-go.ts'
import { day, local, moment, t } from '../words.ts'

/** Which audits lie on this phone, and which could. */
export function list() {
  const others = state.offered?.filter(({ applicationId }) => !state.audits.has(applicationId)) ?? []
  return html`<h1>${t('title')}</h1>
  ${state.audits.size === 0 ? html`<p class="lead">${t('none_taken_out')}</p>` : html`<h2>${t('on_this_phone')}</h2>`}
  ${mayGo(true)}
  <ul class="cards plain">${[...state.audits].map(([id, { kept: { bundle, takenAt } }]) => html`<li class="card"><h3><a href=${to('audit', id)}>${local(bundle, 'name')}</a></h3>
    ${bundle.visit ? html`<p>${dates(bundle.visit.startsOn, bundle.visit.endsOn)}</p>` : nothing}<p class="small muted">${t('taken_out_at', { at: moment(takenAt) })}</p>
    <p><a class="button" href=${to('audit', id)}>${t('open_audit')}</a> ${navigator.onLine ? html`<button type="button" class="button button--second" ?disabled=${state.busy} @click=${() => void takeOut(id)}>${t('take_out_again')}</button>` : nothing}</p></li>`)}</ul>
  ${others.length > 0 ? html`<h2>${t('to_take_out')}</h2><ul class="cards plain">${others.map(({ applicationId, startsOn, endsOn, ...named }) => html`<li class="card"><h3>${local(named, 'name')}</h3>${startsOn && endsOn ? html`<p>${dates(startsOn, endsOn)}</p>` : nothing}
    <p><button type="button" class="button" data-take-out=${applicationId} ?disabled=${state.busy} @click=${() => void takeOut(applicationId)}>${t(state.busy ? 'working' : 'take_out')}</button></p></li>`)}</ul>` : nothing}
  ${state.offered === null ? html`<p class="muted">${t('needs_network_to_take_out')}</p>` : nothing}
  <p><a href="/assessments">${t('no_script_way')}</a> · <a href="/notebook/devices">${t('devices')}</a></p>
  <p class="small muted">${t('lock_text')} <button type="button" class="button button--second button--small" @click=${() => { lockUp('by_hand') }}>${t('lock')}</button></p>`
}

const dates = (from: string, until: string) => (from === until ? day(from) : t('from_to', { from: day(from), until: day(until) }))
