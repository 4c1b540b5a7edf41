import { html, nothing } from 'lit-html'
import { tryRefusedAgain } from '../outbox.ts'
import { send } from '../schedule.ts'
import { open, state, to } from '../state.ts'
import type { Outcome } from '../sync.ts'
import { clock, number, t } from '../words.ts'
import { languageButton } from './language-button.ts'

/** On top of every screen: what is only on this phone, in words and drawn. */
export function bar() {
  const { items, photos, originals, drafts } = state.waiting, nothingWaits = items + photos + originals === 0
  const all = [...state.audits.values()].reduce((sum, { versions }) => sum + versions.size, 0)
  const sent = all === 0 ? 100 : Math.round((1 - Math.min(1, (items + (photos + originals) / 2) / Math.max(1, all))) * 100)
  return html`<header class="held ${nothingWaits ? 'held--none' : ''}">
    <div class="inside held-row"><a class="held-home" href=${to('')}>${t('short_title')}</a>
    ${languageButton()}</div>
    <div class="inside" role="status" data-held=${items} data-held-photos=${photos} data-held-originals=${originals} data-held-drafts=${drafts} data-outcome=${state.outcome ?? ''}>
      <p class="held-words"><strong>${nothingWaits && drafts === 0 ? t(all === 0 ? 'held_nothing' : 'held_none') : held()}</strong> ${state.lastSent ? t('held_last', { at: clock(state.lastSent) }) : t('held_never')}</p>
      <svg class="held-drawn" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="held-sent" width=${nothingWaits ? 100 : Math.min(96, sent)} height="4"/><rect class="held-waits" x=${nothingWaits ? 100 : Math.min(96, sent)} width=${nothingWaits ? 0 : 100 - Math.min(96, sent)} height="4"/></svg>
    </div>
    <div class="inside held-row">${how()}<button type="button" class="button button--small ${nothingWaits ? 'button--second' : ''}" data-send ?disabled=${state.sending} @click=${() => void tryRefusedAgain(open()).then(send)}>${t(state.sending ? 'sending' : nothingWaits ? 'fetch_now' : 'send_now')}</button></div>
    ${warnings()}
  </header>`
}

const warnings = () => html`${state.outcome === 'signed_out' ? html`<div class="inside"><p class="notice notice--attention">${t('signed_out')} <a class="button button--small" href="/sign-in?next=%2Fnotebook">${t('sign_in_again')}</a></p></div>` : nothing}
  ${state.outcome === 'another' || state.outcome === 'refused' ? html`<div class="inside"><p class="notice notice--attention">${t('device_refused')}</p></div>` : nothing}
  ${Math.abs(state.clockAheadMs) > clockMs ? html`<div class="inside"><p class="notice notice--attention" data-clock>${t(state.clockAheadMs > 0 ? 'clock_ahead' : 'clock_behind', { by: apart(Math.abs(state.clockAheadMs)) })}</p></div>` : nothing}
  ${state.lowRoom ? html`<div class="inside"><p class="notice notice--attention">${t('low_room')}</p></div>` : nothing}
  ${state.waiting.refused > 0 ? html`<div class="inside"><p class="notice notice--attention">${t('some_refused', { count: state.waiting.refused })}</p></div>` : nothing}`

const clockMs = 10 * 60_000, dayMs = 24 * 3_600_000
const apart = (ms: number) => (ms >= dayMs ? t('clock_days', { count: number(ms / dayMs) }) : t('clock_minutes', { count: number(ms / 60_000) }))

const held = () => {
  const { items, photos, originals, drafts } = state.waiting
  const parts = [[items, 'held_items'], [photos, 'held_photos'], [originals, 'held_originals'], [drafts, 'held_drafts']] as const
  return t('held', { what: parts.flatMap(([count, key]) => (count > 0 ? [t(key, { count })] : [])).join(t('and')) })
}

/** Why nothing goes, if nothing goes. */
const hows: Record<Outcome, string> = { sent: 'how_online', busy: 'how_online', away: 'how_away', unwell: 'how_unwell', signed_out: 'how_signed_out', another: 'how_another', refused: 'how_refused', full: 'how_full', wiped: 'how_refused' }

function how() {
  const said = state.sending ? 'sending' : navigator.onLine ? hows[state.outcome ?? 'sent'] : 'how_away'
  return html`<p class="small held-how">${t(said)}</p>`
}
