import { html, nothing, render } from 'lit-html'
import { follow } from './follow.ts'
import { flush } from './open-form.ts'
import { begin } from './opening.ts'
import { audit } from './screens/audit.ts'
import { bar } from './screens/bar.ts'
import { criterion } from './screens/criterion.ts'
import { elsewhere, formScreen } from './screens/form.ts'
import { gate } from './screens/gate.ts'
import { item } from './screens/item.ts'
import { list } from './screens/list.ts'
import { drawWith, route, state } from './state.ts'
import type { Store } from './store.ts'
import { lang, t } from './words.ts'

// The field notebook: drawn from what lies on this phone, with or without a network.
const root = document.querySelector<HTMLElement>('#notebook')
let db: Store | null = null

function screen() {
  const { screen: name, audit: id, parts: [first = ''] } = route()
  if (state.form) return formScreen(state.form)
  if (state.elsewhere) return elsewhere(id)
  if (name === 'audit') return audit(id)
  if (name === 'criterion') return criterion(id, first)
  if (name === 'item') return item(id, first)
  return list()
}

drawWith(() => {
  if (!root) return
  document.documentElement.lang = lang()
  document.title = `${t('title')} | Akashi 証`
  render(state.gate === 'open' ? html`<a class="skip" href="#main" @click=${toMain}>${t('skip')}</a>${bar()}<main class="inside main" id="main" tabindex="-1">${state.wrong ? html`<p class="notice notice--attention" role="alert">${t(state.wrong)}</p>` : nothing}${screen()}</main>` : gate(db), root)
  document.documentElement.dataset['gate'] = state.gate
})

/** The address names a screen, not a place on it. */
function toMain(event: Event) {
  event.preventDefault()
  document.querySelector<HTMLElement>('#main')?.focus()
}

async function start() {
  db = await begin()
  await follow()
  addEventListener('hashchange', () => void follow())
  addEventListener('pagehide', () => void flush())
  document.addEventListener('visibilitychange', () => void flush())
  if ('serviceWorker' in navigator) await navigator.serviceWorker.register('/notebook/worker.js', { scope: '/notebook' })
  await navigator.serviceWorker?.ready
  document.documentElement.dataset['kept'] = 'true'
}

void start()
