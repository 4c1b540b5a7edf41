import { html, nothing } from 'lit-html'
import { itemKinds } from '../../../server/domain/notebook.ts'
import { isHere, itemsOf } from '../items.ts'
import { state, to } from '../state.ts'
import { local, moment, t } from '../words.ts'
import { card } from './item.ts'

const kindsHere = itemKinds.filter(kind => kind !== 'interview' && kind !== 'signature')

/** One criterion at one place: what is required, what is noted, and eight ways to note more. */
export function criterion(audit: string, id: string) {
  const opened = state.audits.get(audit), one = opened?.kept.bundle.criteria.find(known => known.id === id)
  if (!opened || !one) return html`<p>${t('not_on_this_phone')}</p>`
  const items = itemsOf(audit).filter(item => item.criterion === id && isHere(item)), place = opened.kept.bundle.sites.find(site => site.id === state.place)
  return html`<p class="crumb"><a href=${to('audit', audit)}>${local(opened.kept.bundle, 'name')}</a></p><h1><span class="code">${id}</span> ${local(one, 'title')}</h1>
  ${place ? html`<p><strong>${place.nameJa}</strong></p>` : nothing}
  ${state.said ? html`<p class="notice notice--good" role="status">${t(state.said)}</p>` : nothing}
  <p>${local(one, 'requirement')}</p>
  ${one.question ? html`<p class="small muted">${t('question')} ${local({ textJa: one.question.ja, textEn: one.question.en }, 'text')}</p>` : nothing}
  <nav class="kinds" aria-label=${t('add')}>${kindsHere.map(kind => html`<a class="kind" href=${to('new', audit, kind, id, state.place)}>${t(`kind_${kind}`)}</a>`)}</nav>
  <h2>${t('noted', { count: items.length })}</h2>
  ${items.length === 0 ? html`<p class="muted">${t('nothing_yet')}</p>` : items.map(item => card(audit, item))}
  ${earlier(audit, id)}`
}

const earlier = (audit: string, id: string) => {
  const notes = state.audits.get(audit)?.kept.bundle.notes.filter(note => note.criterion === id) ?? []
  return notes.length === 0 ? nothing : html`<h2>${t('noted_before')}</h2>${notes.map(note => html`<article class="card"><p class="said">${note.note}</p><p class="small muted">${note.by} ${moment(note.at)}</p></article>`)}`
}
