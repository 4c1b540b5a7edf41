// Long enough for a slow answer, short enough that a lost one does not lock the form.
const patienceMs = 20_000

/** Holds back a second submit of the same form while the first is under way. The server would count it once anyway. */
export class BusyForm extends HTMLElement {
  #stop = new AbortController()

  connectedCallback() {
    this.#stop = new AbortController()
    const { signal } = this.#stop
    this.addEventListener('submit', event => this.#submitted(event), { signal })
    // coming back through the browser's history shows the page as it was left: busy
    addEventListener('pageshow', () => this.querySelectorAll('form[aria-busy]').forEach(rest), { signal })
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  #submitted(event: SubmitEvent) {
    const form = event.target
    if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.getAttribute('method') !== 'post') return
    if (form.ariaBusy === 'true') return event.preventDefault()
    form.ariaBusy = 'true'
    setTimeout(() => rest(form), patienceMs)
  }
}

const rest = (form: Element) => form.removeAttribute('aria-busy')
