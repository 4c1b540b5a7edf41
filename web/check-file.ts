import { word } from './words.ts'

/** Fills .check-answer and .check-more of `home` with what is said of the file; stays silent when another file came meanwhile. */
export type Show = (file: File, home: HTMLElement, isLatest: () => boolean) => Promise<void>

/**
 * <check-file> round a file input: says of a PDF, in words that the page brings along in a <template>, whether it is ours and what it is
 * worth. The page is read far more often than a file is dropped on it, so what judges a file is loaded when somebody reaches for it.
 */
export const checkFile = (load: (home: HTMLElement) => Promise<Show>) => class extends HTMLElement {
  #stop = new AbortController()
  #asked = 0
  #show: Promise<Show> | undefined

  connectedCallback() {
    const input = this.querySelector('input')
    if (!input) return
    this.#stop = new AbortController()
    const { signal } = this.#stop
    for (const reach of ['pointerenter', 'focusin', 'touchstart']) this.addEventListener(reach, () => void this.#loaded().catch(() => undefined), { signal, passive: true })
    input.addEventListener('change', () => void this.#check(input.files?.[0]), { signal })
    input.addEventListener('click', () => { input.value = '' }, { signal }) // the same file, chosen again, is checked again
    // Anywhere on the page: a browser would open a file that misses the area, and the page would be gone.
    document.addEventListener('dragover', event => {
      if (!event.dataTransfer?.types.includes('Files')) return // text may still be dropped into a field
      event.preventDefault()
      this.classList.add('is-over')
    }, { signal })
    document.addEventListener('dragleave', event => { if (!event.relatedTarget) this.classList.remove('is-over') }, { signal })
    document.addEventListener('drop', event => {
      if (!event.dataTransfer?.files.length) return
      event.preventDefault()
      this.classList.remove('is-over')
      void this.#check(event.dataTransfer.files[0])
    }, { signal })
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  async #check(file: File | undefined) {
    const [answer, more] = [this.querySelector('.check-answer'), this.querySelector('.check-more')]
    if (!file || !answer || !more) return
    const asked = ++this.#asked
    answer.replaceChildren(word(this, 'working'))
    more.replaceChildren()
    try {
      const show = await this.#loaded()
      await show(file, this, () => asked === this.#asked)
    } catch {
      answer.replaceChildren(word(this, 'unclear'), word(this, 'unclear_text')) // the network went away before the judge came
    }
  }

  #loaded(): Promise<Show> {
    this.#show ??= load(this).catch(error => {
      this.#show = undefined
      throw error
    })
    return this.#show
  }
}
