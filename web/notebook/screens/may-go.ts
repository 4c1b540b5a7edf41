import { html, nothing } from 'lit-html'
import { askToStay } from '../opening.ts'
import { state } from '../state.ts'
import { t } from '../words.ts'

const isInstalled = () => matchMedia('(display-mode: standalone)').matches
const isApple = () => 'standalone' in navigator // there the notebook of the home screen is another one than the browser's

/** The browser did not promise to keep what lies here. Said while nothing is lost, with what to do; no alarm. */
export const mayGo = (open: boolean) => (state.mayGo ? html`<details class="notice may-go" ?open=${open} data-may-go><summary>${t('may_go')}</summary>
  <p>${t('may_go_means')}</p><ul><li>${t('may_go_send')}</li>${isInstalled() ? nothing : html`<li>${t('may_go_install')}${isApple() ? html` ${t('may_go_apple')}` : nothing}</li>`}</ul>
  <p><button type="button" class="button button--second" @click=${() => void askToStay()}>${t('may_go_ask')}</button></p></details>` : nothing)
