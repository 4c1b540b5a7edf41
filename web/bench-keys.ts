const offMark = 'akashi:keys-off'
const askEveryMs = 10_000
const digits = /^[1-9]$/

type Act = (bench: BenchKeys) => void
const follow = (key: string): Act => bench => bench.querySelector<HTMLElement>(`[data-key="${key}"]`)?.click()
const acts: Record<string, Act> = {
  j: follow('j'), ArrowRight: follow('j'), k: follow('k'), ArrowLeft: follow('k'), d: follow('d'),
  n: bench => bench.querySelector<HTMLElement>('textarea[name=note]')?.focus(),
  s: bench => bench.save(),
  e: bench => bench.dispatchEvent(new CustomEvent('next-document')),
  '?': bench => bench.toggleHelp(),
}

/**
 * <bench-keys> round the assessor's bench: every act has a key. Keys of one letter can be switched off (WCAG 2.1.4) and never act while
 * somebody writes. With data-mark it also asks now and then whether somebody else rated, and says so without touching what is written.
 */
export class BenchKeys extends HTMLElement {
  #stop = new AbortController()
  #timer = 0

  connectedCallback() {
    this.#stop = new AbortController()
    const { signal } = this.#stop
    document.addEventListener('keydown', event => this.#pressed(event), { signal })
    this.#offerSwitch(signal)
    if (this.dataset['mark']) this.#timer = window.setInterval(() => void this.#ask(), askEveryMs)
    document.addEventListener('visibilitychange', () => void this.#ask(), { signal })
  }

  disconnectedCallback() {
    this.#stop.abort()
    clearInterval(this.#timer)
  }

  save() {
    this.querySelector<HTMLTextAreaElement>('textarea[name=note]')?.form?.requestSubmit()
  }

  toggleHelp() {
    const help = this.querySelector<HTMLDetailsElement>('[data-keys]')
    if (!help) return
    help.open = !help.open
    if (help.open) help.querySelector('summary')?.focus()
  }

  #offerSwitch(signal: AbortSignal) {
    const help = this.querySelector<HTMLDetailsElement>('[data-keys]'), box = this.querySelector<HTMLInputElement>('[data-keys-on]')
    if (!help || !box) return
    help.hidden = false
    box.checked = localStorage.getItem(offMark) === null
    box.addEventListener('change', () => (box.checked ? localStorage.removeItem(offMark) : localStorage.setItem(offMark, '1')), { signal })
  }

  #pressed(event: KeyboardEvent) {
    const { key, target } = event
    if (event.isComposing || event.altKey || localStorage.getItem(offMark) !== null) return
    if (writesIn(target)) return this.#pressedWhileWriting(event, target)
    if (event.ctrlKey || event.metaKey || (key.startsWith('Arrow') && target instanceof HTMLInputElement)) return
    const act = digits.test(key) ? (bench: BenchKeys) => bench.#rate(Number(key)) : acts[key]
    if (!act) return
    event.preventDefault()
    act(this)
  }

  #pressedWhileWriting({ key, ctrlKey, metaKey }: KeyboardEvent, field: HTMLElement) {
    if (key === 'Escape') field.blur()
    if (key === 'Enter' && (ctrlKey || metaKey)) (field as HTMLTextAreaElement).form?.requestSubmit()
  }

  #rate(nth: number) {
    const choice = this.querySelectorAll<HTMLInputElement>('input[type=radio][name=rating]')[nth - 1]
    choice?.click()
    choice?.focus()
  }

  async #ask() {
    const address = this.dataset['mark']
    if (!address || document.hidden || this.querySelector('[data-changed-notice]')) return
    const answer = await fetch(address, { headers: { accept: 'application/json' } }).catch(() => null)
    if (!answer?.ok) return
    const { version } = await answer.json() as { version: number }
    if (String(version) !== this.dataset['version']) this.#sayChanged()
  }

  #sayChanged() {
    const [notice, text, link] = [document.createElement('div'), document.createElement('p'), document.createElement('a')]
    notice.className = 'notice notice--attention'
    notice.dataset['changedNotice'] = ''
    notice.setAttribute('role', 'status')
    text.textContent = this.dataset['changed'] ?? ''
    link.href = location.pathname
    link.textContent = this.dataset['reload'] ?? ''
    notice.append(text, link)
    this.querySelector('.bench-rated')?.prepend(notice)
  }
}

const writesIn = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && !/^(radio|checkbox|submit|button)$/.test(target.type))
