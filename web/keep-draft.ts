const prefix = 'akashi:draft:'
const sentMark = 'akashi:sent'
const keptMs = 7 * 24 * 3_600_000

type Draft = { at: number; fields: Record<string, string> }
type Control = HTMLTextAreaElement | HTMLInputElement
const long = 'textarea, input[type=text], input:not([type])'

/**
 * <keep-draft data-key data-restored data-discard> round one form: what is written stays in this browser until the server
 * accepted it, so that an expired session or a lost connection costs nobody an evening's work.
 */
export class KeepDraft extends HTMLElement {
  #stop = new AbortController()

  connectedCallback() {
    const form = this.querySelector('form')
    if (!form) return
    this.#stop = new AbortController()
    const { signal } = this.#stop
    const key = `${prefix}${document.body.dataset['viewer'] ?? ''}:${location.pathname}:${this.dataset['key'] ?? ''}`
    this.#restore(form, key)
    form.addEventListener('input', () => write(key, form), { signal })
    form.addEventListener('submit', () => sessionStorage.setItem(sentMark, JSON.stringify({ key, from: location.pathname })), { signal })
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  #restore(form: HTMLFormElement, key: string) {
    const draft = read(key)
    const lost = controls(form).filter(({ name, value }) => draft?.fields[name] !== undefined && draft.fields[name] !== value)
    if (!draft || lost.length === 0) return localStorage.removeItem(key)
    const before = lost.map(({ value }) => value)
    lost.forEach(control => { control.value = draft.fields[control.name] ?? '' })
    this.prepend(this.#notice(() => {
      lost.forEach((control, nth) => { control.value = before[nth] ?? '' })
      localStorage.removeItem(key)
    }))
  }

  #notice(discard: () => void) {
    const [notice, text, button] = [document.createElement('div'), document.createElement('p'), document.createElement('button')]
    notice.className = 'notice'
    notice.setAttribute('role', 'status')
    text.textContent = this.dataset['restored'] ?? ''
    button.type = 'button'
    button.className = 'button button--second button--small'
    button.textContent = this.dataset['discard'] ?? ''
    button.addEventListener('click', () => { discard(); notice.remove() }, { signal: this.#stop.signal })
    notice.append(text, button)
    return notice
  }
}

/** On the page after a submit: forgets the draft if that page shows that the server took it; on signing out forgets all. */
export function settleDrafts() {
  document.querySelector('form[action="/sign-out"]')?.addEventListener('submit', () => keys().forEach(key => localStorage.removeItem(key)))
  const mark = sessionStorage.getItem(sentMark)
  if (!mark) return
  sessionStorage.removeItem(sentMark)
  const { key, from } = JSON.parse(mark) as { key: string; from: string }
  const refused = document.querySelector('#errors, [data-refused]') !== null || /^\/(sign-in|second-factor)/.test(location.pathname)
  const unanswered = location.pathname === from && !document.querySelector('.notice[role=status]') // reloaded after a lost connection
  if (!refused && !unanswered) localStorage.removeItem(key)
}

const keys = () => Object.keys(localStorage).filter(key => key.startsWith(prefix))
const controls = (form: HTMLFormElement) => [...form.querySelectorAll<Control>(long)].filter(({ name }) => name !== '')

function write(key: string, form: HTMLFormElement) {
  const draft: Draft = { at: Date.now(), fields: Object.fromEntries(controls(form).map(({ name, value }) => [name, value])) }
  try {
    localStorage.setItem(key, JSON.stringify(draft))
  } catch { /* full or forbidden: the form works without */ }
}

function read(key: string): Draft | null {
  const kept = localStorage.getItem(key)
  if (!kept) return null
  const draft = JSON.parse(kept) as Draft
  return Date.now() - draft.at < keptMs ? draft : null
}
