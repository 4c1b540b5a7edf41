import { html, nothing } from 'lit-html'
import { codeOf } from '../ask.ts'
import { passphraseLength, setUp, unlockByPassphrase } from '../lock.ts'
import { signInAnew } from '../locked.ts'
import { opened } from '../opening.ts'
import { draw, state } from '../state.ts'
import type { Store } from '../store.ts'
import { t } from '../words.ts'
import { languageButton } from './language-button.ts'

/** Before the notebook is open: set it up (online, once), or unlock it. */
export function gate(db: Store | null) {
  const screens = {
    opening: () => html`<p role="status">${t('opening')}</p>`,
    unsupported: () => html`<p class="notice notice--attention">${t('unsupported')}</p><p><a class="button" href="/assessments">${t('no_script_way')}</a></p>`,
    wiped: () => html`<p class="notice notice--attention" role="status">${t('wiped')}</p><p><a class="button" href="/notebook/devices">${t('devices')}</a></p>`,
    set_up: () => db && setting(db), locked: () => db && locked(db), open: () => nothing,
  }
  return html`<main class="inside main" id="main" tabindex="-1"><h1>${t('title')}</h1>${screens[state.gate]()}
  <p>${languageButton()} <a href="/assessments">${t('no_script_way')}</a></p></main>`
}

const refusal = () => (state.wrong ? html`<p class="field-error" role="alert" id="gate-wrong">${t(state.wrong)}</p>` : nothing)

const setting = (db: Store) => html`<p class="lead">${t('set_up_lead')}</p>
  <form @submit=${(event: SubmitEvent) => void begin(db, event)} novalidate>${refusal()}
  <div class="field"><label class="field-label" for="device-name">${t('device_name')}</label><p class="field-hint" id="device-name-hint">${t('device_name_hint')}</p><input class="input" id="device-name" name="name" maxlength="100" required aria-describedby="device-name-hint" autocomplete="off"></div>
  <div class="field"><label class="field-label" for="passphrase">${t('passphrase')}</label><p class="field-hint" id="passphrase-hint">${t('passphrase_hint', { length: passphraseLength })}</p><input class="input" id="passphrase" name="passphrase" type="password" required aria-describedby="passphrase-hint" autocomplete="new-password"></div>
  <p><button class="button" ?disabled=${state.busy}>${t(state.busy ? 'working' : 'set_up')}</button></p></form>`

const locked = (db: Store) => html`<p class="lead">${t('locked_lead')}</p>
  <form @submit=${(event: SubmitEvent) => void unlock(db, event)} novalidate>${refusal()}
  <div class="field"><label class="field-label" for="passphrase">${t('passphrase')}</label><input class="input" id="passphrase" name="passphrase" type="password" required autocomplete="current-password" aria-describedby=${state.wrong ? 'gate-wrong' : nothing}></div>
  <p><button class="button" ?disabled=${state.busy}>${t(state.busy ? 'working' : 'unlock')}</button></p></form>
  <p class="small muted">${t('locked_forgotten')} <button type="button" class="button button--second button--small" data-sign-in @click=${() => void signInAnew()}>${t('sign_in_again')}</button></p>
  <p class="small muted">${t('locked_whose')}</p>`

const said = (event: SubmitEvent) => Object.fromEntries(new FormData(event.target as HTMLFormElement)) as Record<string, string>

async function begin(db: Store, event: SubmitEvent) {
  event.preventDefault()
  const { name = '', passphrase = '' } = said(event)
  if (!name.trim()) return wrong('wrong_device_name')
  if ([...passphrase].length < passphraseLength) return wrong('wrong_short_passphrase')
  busy()
  const made = await setUp(db, name.trim(), passphrase)
  if ('key' in made) return opened(made, true)
  wrong(made.status === 0 ? 'needs_network' : made.status === 401 || made.status === 403 ? 'sign_in_first' : codeOf(made) === 'device_wiped' ? 'wiped' : 'not_now')
}

async function unlock(db: Store, event: SubmitEvent) {
  event.preventDefault()
  busy()
  const record = await db.get('device', 'this')
  const made = record ? await unlockByPassphrase(db, record, said(event)['passphrase'] ?? '') : 'wrong'
  if (state.gate === 'open') return
  if (made === 'wrong') return wrong('wrong_passphrase')
  await opened(made)
}

const busy = () => { Object.assign(state, { busy: true, wrong: null }); draw() }
const wrong = (key: string) => { Object.assign(state, { busy: false, wrong: key }); draw() }
