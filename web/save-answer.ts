import { addressOf, keepVersion, readAnswer, withFreshToken } from './send.ts'

const quietMs = 1200

/**
 * <save-answer data-saving data-saved data-failed> round one form: saves it when an answer changes or writing pauses.
 * Its button stays, and is the way when saving fails.
 */
export class SaveAnswer extends HTMLElement {
  #stop = new AbortController()
  #timer = 0
  #changed = false
  #sending = false
  #pressed: HTMLElement | null = null

  connectedCallback() {
    const form = this.querySelector('form')
    if (!form) return
    this.#stop = new AbortController()
    const { signal } = this.#stop
    form.addEventListener('input', () => this.#later(form, quietMs), { signal })
    form.addEventListener('change', () => this.#changed && this.#later(form, 0), { signal }) // follows input: no need to wait
    form.addEventListener('submit', event => this.#submitted(event, form), { signal })
    // leaving the page in the middle of a sentence: the request outlives the page
    document.addEventListener('visibilitychange', () => document.hidden && void this.#save(form), { signal })
  }

  disconnectedCallback() {
    this.#stop.abort()
    this.#forget()
  }

  #later(form: HTMLFormElement, waitMs: number) {
    this.#changed = true
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => void this.#save(form), waitMs)
  }

  // a button pressed while a save is under way waits for it: else it would name a version that is just being replaced
  #submitted(event: SubmitEvent, form: HTMLFormElement) {
    this.#forget()
    if (!this.#sending) return
    event.preventDefault()
    this.#pressed = event.submitter ?? form
  }

  #forget() {
    clearTimeout(this.#timer)
    this.#changed = false
  }

  async #save(form: HTMLFormElement) {
    if (!this.#changed || this.#sending) return
    this.#forget()
    this.#sending = true
    this.#say('saving', this.dataset['saving'])
    const { ok, message, version } = await send(form)
    this.#sending = false
    keepVersion(form, version)
    this.#say(ok ? 'saved' : 'failed', ok ? this.dataset['saved'] : (message ?? this.dataset['failed']))
    const pressed = this.#pressed
    this.#pressed = null
    if (pressed) form.requestSubmit(pressed === form ? null : pressed)
    else if (ok && this.#changed) await this.#save(form)
  }

  #say(state: string, text = '') {
    const line = this.querySelector<HTMLElement>('.saved-state') ?? this.appendChild(stateLine())
    line.dataset['state'] = state
    line.textContent = text
  }
}

async function send(form: HTMLFormElement) {
  const pairs = [...withFreshToken(new FormData(form))].filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  try {
    const answer = await fetch(addressOf(form), { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(pairs), keepalive: true })
    return readAnswer(answer.status, await answer.text(), null)
  } catch {
    return readAnswer(0, '', null) // no connection
  }
}

function stateLine() {
  const line = document.createElement('span')
  line.className = 'saved-state'
  line.setAttribute('role', 'status')
  return line
}
