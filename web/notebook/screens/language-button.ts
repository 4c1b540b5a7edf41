import { html } from 'lit-html'
import { draw } from '../state.ts'
import { choose, lang } from '../words.ts'

/** The other language, in its own words. */
export function languageButton() {
  const other = lang() === 'ja' ? 'en' : 'ja'
  return html`<button type="button" class="button button--second button--small" lang=${other} @click=${() => { choose(other); draw() }}>${other === 'en' ? 'English' : '日本語'}</button>`
}
