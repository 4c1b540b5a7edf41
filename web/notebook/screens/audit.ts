import { html, nothing } from 'lit-html'
import { itemKinds } from '../../../server/domain/notebook.ts'
import { isHere, itemsOf, type Item } from '../items.ts'
import { draw, state, to } from '../state.ts'
import { local, t } from '../words.ts'
import { drafts } from './drafts.ts'
import { card } from './item.ts'
import { mayGo } from './may-go.ts'

/** The checklist: every criterion by section, what is noted of it, and how far the day has come. */
export function audit(id: string) {
  const opened = state.audits.get(id)
  if (!opened) return html`<h1>${t('title')}</h1><p>${t('not_on_this_phone')}</p>`
  const { bundle } = opened.kept, items = itemsOf(id).filter(({ struck }) => !struck), here = items.filter(isHere)
  const touched = new Set(here.map(({ criterion }) => criterion))
  const conflicts = items.filter(({ heads }) => heads.length > 1)
  const done = bundle.criteria.filter(criterion => touched.has(criterion.id)).length
  return html`<p class="crumb"><a href=${to('')}>${t('back_to_list')}</a></p><h1>${local(bundle, 'name')}</h1>
  ${bundle.visit && !bundle.visit.announced ? html`<p class="notice notice--attention">${t('unannounced')}</p>` : nothing}
  ${mayGo(false)}
  ${places(bundle.sites)}
  <p class="progress-words">${t('progress', { done, of: bundle.criteria.length })}</p>
  <svg class="bar bar--good" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width=${bundle.criteria.length === 0 ? 0 : done / bundle.criteria.length * 100} height="8"/></svg>
  <p class="big-buttons"><a class="button" href=${to('new', id, 'interview', '', state.place)}>${t('kind_interview')}</a><a class="button button--second" href=${to('new', id, 'signature', '', state.place)}>${t('kind_signature')}</a></p>
  ${drafts(id)}
  ${conflicts.length > 0 ? html`<section class="notice notice--attention"><h2>${t('conflicts', { count: conflicts.length })}</h2><ul>${conflicts.map(item => html`<li><a href=${to('item', id, item.id)}>${item.criterion} ${t(`kind_${item.kind}`)}</a></li>`)}</ul></section>` : nothing}
  <p class="small muted">${t('sample', { total: bundle.sample.total, alone: bundle.sample.oneToOne })}</p>
  ${bundle.sections.map(section => html`<section><h2 class="checklist-head">${local(section, 'title')}</h2><ul class="checklist plain">
    ${bundle.criteria.filter(criterion => criterion.section === section.id).map(criterion => html`<li><a class="check-row" href=${to('criterion', id, criterion.id)}><span class="check-mark" aria-hidden="true">${touched.has(criterion.id) ? '●' : '○'}</span>
      <span><span class="code">${criterion.id}</span> ${local(criterion, 'title')}<span class="small muted counts">${counts(here.filter(item => item.criterion === criterion.id)) || t('nothing_yet')}</span></span></a></li>`)}</ul></section>`)}
  ${loose(id, here)}`
}

const loose = (id: string, items: Item[]) => {
  const some = items.filter(({ criterion }) => criterion === '')
  return some.length === 0 ? nothing : html`<section><h2>${t('whole_audit')}</h2>${some.map(item => card(id, item))}</section>`
}

const counts = (items: readonly Item[]) => itemKinds.flatMap(kind => {
  const count = items.filter(item => item.kind === kind).length
  return count > 0 ? [t('count_of', { kind: t(`kind_${kind}`), count })] : []
}).join(t('and'))

const places = (sites: { id: string; nameJa: string; kind: string }[]) => html`<div class="field"><label class="field-label" for="place">${t('place')}</label><select class="select" id="place" @change=${(event: Event) => { state.place = (event.target as HTMLSelectElement).value; draw() }}>
  <option value="" ?selected=${state.place === ''}>${t('place_all')}</option>${sites.map(site => html`<option value=${site.id} ?selected=${state.place === site.id}>${site.nameJa}（${t(`site_${site.kind}`)}）</option>`)}</select></div>`
