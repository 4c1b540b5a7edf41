import { html, nothing } from 'lit-html'
import { capture, type KnownVersion } from '../capture.ts'
import { itemsOf, type Item } from '../items.ts'
import { kept } from '../open-form.ts'
import { isFull } from '../quota.ts'
import { draw, open, state, to } from '../state.ts'
import { moment, t } from '../words.ts'
import { shown } from './shown.ts'

/** An item in a list. */
export const card = (audit: string, item: Item) => html`<article class="card item" data-item=${item.id}><h3><a href=${to('item', audit, item.id)}>${t(`kind_${item.kind}`)}</a>${item.heads.length > 1 ? html` <span class="status status--attention">${t('conflict')}</span>` : nothing}${item.struck ? html` <span class="status status--neutral">${t('struck')}</span>` : nothing}</h3>
  ${item.heads.slice(0, 1).map(({ hash, known }) => html`${item.struck ? nothing : shown(hash, known)}${where(hash, known)}`)}</article>`

/** One item: as it stands, or, where two devices differ, both beside each other. */
export function item(audit: string, id: string) {
  const one = itemsOf(audit).find(known => known.id === id)
  if (!one) return html`<p>${t('not_on_this_phone')}</p>`
  const conflict = one.heads.length > 1
  return html`<p class="crumb"><a href=${one.criterion ? to('criterion', audit, one.criterion) : to('audit', audit)}>${one.criterion || t('back')}</a></p><h1>${t(`kind_${one.kind}`)} ${one.criterion}</h1>
  ${conflict ? html`<p class="notice notice--attention">${t('conflict_text')}</p>` : nothing}
  <div class=${conflict ? 'beside-each-other' : ''}>${one.heads.map(({ hash, known }) => html`<section class="card" data-version=${hash}>${known.version.struck ? html`<p>${t('struck')}</p>` : shown(hash, known)}${where(hash, known)}
    ${conflict ? html`<p><button type="button" class="button" @click=${() => void pressed(settle(audit, one, known))}>${t('keep_this')}</button></p>` : nothing}</section>`)}</div>
  ${conflict && one.heads.every(({ known }) => typeof textOf(known) === 'string') ? html`<p><button type="button" class="button button--second" @click=${() => void pressed(settle(audit, one, both(one)))}>${t('keep_both')}</button></p>` : nothing}
  ${conflict ? nothing : html`<p class="actions">${one.kind === 'signature' ? nothing : html`<a class="button" href=${to('correct', audit, one.heads[0]?.hash ?? '')}>${t('correct')}</a>`}
    ${one.struck ? nothing : html`<button type="button" class="button button--danger" @click=${() => void pressed(strike(audit, one))}>${t('strike')}</button>`}</p><p class="small muted">${t('strike_text')}</p>`}`
}

/** Where a version is: only here, or with the server; and what the server would not take. */
function where(hash: string, { version, by, serverAt, arrived }: KnownVersion) {
  return html`<p class="small muted where" data-hash=${hash}>${serverAt ? html`${by ?? t('you')} ${moment(version.deviceAt)} · ${t('server_has', { at: moment(serverAt) })}` : html`<strong>${t('only_here')}</strong> ${moment(version.deviceAt)}`}</p>
  ${arrived === 'late' ? html`<p class="notice notice--attention">${t('late')}</p>` : nothing}${state.refusals.get(hash) ? html`<p class="notice notice--attention">${t('refused', { why: t(`refused_${state.refusals.get(hash)}`) })}</p>` : nothing}
  ${version.files.map(({ sha256 }) => state.refusals.get(`${version.applicationId}/${sha256}`)).filter(Boolean).map(why => html`<p class="notice notice--attention">${t('refused_file', { why: why ?? '' })}</p>`)}`
}

const textName = (known: KnownVersion) => ['text', 'statement', 'notes'].find(name => typeof known.version.content[name] === 'string')
const textOf = (known: KnownVersion) => known.version.content[textName(known) ?? '']

/** From a button: there is no form that could say that the phone is full. */
async function pressed(act: Promise<void>) {
  await act.catch((error: unknown) => { if (!isFull(error)) throw error; state.wrong = 'wrong_full_button' })
  draw()
}

/** A new version over all that stand: whoever looks sees one again, and can still read the others. */
async function settle(audit: string, one: Item, chosen: KnownVersion) {
  const { kind, criterion, place, content, files, struck } = chosen.version
  const { hash, known } = await capture(open(), { item: one.id, applicationId: audit, kind, criterion, place, content, files: [], kept: files, over: one.heads.map(head => head.hash), struck })
  await kept(audit, hash, known)
}

function both({ heads }: Item): KnownVersion {
  const [first] = heads
  if (!first) throw new Error('an item without a version')
  const name = textName(first.known) ?? 'text'
  const text = heads.map(({ known }) => String(textOf(known) ?? '')).join('\n———\n')
  return { ...first.known, version: { ...first.known.version, struck: false, content: { ...first.known.version.content, [name]: text } } }
}

const strike = async (audit: string, one: Item) => {
  const [head] = one.heads
  if (head) await settle(audit, one, { ...head.known, version: { ...head.known.version, struck: true } })
}
