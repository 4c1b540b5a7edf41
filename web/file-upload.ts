import { addressOf, keepVersion, readAnswer, withFreshToken, type Sent } from './send.ts'

type Row = { file: File; line: HTMLLIElement; state: HTMLSpanElement; bar: HTMLProgressElement }

/**
 * <file-upload> round one plain file input inside the page's form: a place to drop files, a list with progress, and an error
 * beside the file that caused it. Each file travels in a request of its own, so one bad file does not stop the others.
 */
export class FileUpload extends HTMLElement {
  #stop = new AbortController()
  #rows: Row[] = []
  #list = document.createElement('ul')

  connectedCallback() {
    const input = this.querySelector<HTMLInputElement>('input[type=file]')
    const area = this.querySelector<HTMLElement>('.upload-area')
    const form = this.closest('form')
    if (!input || !area || !form) return
    this.#stop = new AbortController()
    const { signal } = this.#stop
    this.#list.className = 'upload-list'
    this.#list.setAttribute('aria-live', 'polite')
    area.append(this.#list)
    area.prepend(paragraph(this.dataset['drop'] ?? ''))
    input.addEventListener('change', () => { this.#add(input, input.files); input.value = '' }, { signal })
    area.addEventListener('dragover', event => { event.preventDefault(); area.classList.add('is-over') }, { signal })
    area.addEventListener('dragleave', () => area.classList.remove('is-over'), { signal })
    area.addEventListener('drop', event => {
      event.preventDefault()
      area.classList.remove('is-over')
      this.#add(input, event.dataTransfer?.files ?? null)
    }, { signal })
    form.addEventListener('submit', event => this.#submitted(event, form, input.name), { signal })
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  #add(input: HTMLInputElement, files: FileList | null) {
    if (!input.multiple) this.#rows.splice(0).forEach(({ line }) => line.remove())
    for (const file of [...(files ?? [])].slice(0, input.multiple ? undefined : 1)) this.#rows.push(this.#row(file))
  }

  #row(file: File): Row {
    const [line, name, state, remove, bar] = [element('li'), element('span'), element('span'), element('button'), element('progress')]
    name.textContent = file.name
    state.className = 'upload-state'
    state.textContent = this.dataset['waiting'] ?? ''
    remove.type = 'button'
    remove.className = 'button button--second button--small'
    remove.textContent = this.dataset['remove'] ?? ''
    remove.setAttribute('aria-label', `${remove.textContent}: ${file.name}`)
    bar.max = 1
    bar.value = 0
    bar.setAttribute('aria-label', file.name)
    line.append(name, remove, state, bar)
    this.#list.append(line)
    const row = { file, line, state, bar }
    remove.addEventListener('click', () => { this.#rows = this.#rows.filter(other => other !== row); line.remove() }, { signal: this.#stop.signal })
    return row
  }

  #submitted(event: SubmitEvent, form: HTMLFormElement, field: string) {
    if (this.#rows.length === 0) return // the server says that a file is missing
    event.preventDefault()
    if (form.ariaBusy !== 'true') void this.#sendAll(form, field)
  }

  async #sendAll(form: HTMLFormElement, field: string) {
    form.ariaBusy = 'true'
    let next: string | null = null
    for (const row of [...this.#rows]) {
      const answer = await this.#send(row, form, field)
      keepVersion(form, answer.version)
      if (!answer.ok) continue
      next = answer.location
      this.#rows = this.#rows.filter(other => other !== row)
    }
    form.removeAttribute('aria-busy')
    if (this.#rows.length === 0) location.assign(next ?? location.href)
  }

  async #send(row: Row, form: HTMLFormElement, field: string): Promise<Sent> {
    row.state.textContent = this.dataset['sending'] ?? ''
    row.state.className = 'upload-state'
    const data = withFreshToken(new FormData(form))
    data.delete(field)
    data.append(field, row.file) // last: the server has read the other fields when the file comes
    const answer = await post(addressOf(form), data, part => { row.bar.value = part })
    row.state.textContent = (answer.ok ? this.dataset['done'] : (answer.message ?? this.dataset['failed'])) ?? ''
    row.state.classList.toggle('upload-failed', !answer.ok)
    if (answer.ok) row.line.querySelector('button')?.remove()
    return answer
  }
}

// fetch tells nothing about how much has been sent; XMLHttpRequest does.
const post = (url: string, data: FormData, progress: (part: number) => void) => new Promise<Sent>(resolve => {
  const request = new XMLHttpRequest()
  const finish = () => resolve(readAnswer(request.status, request.responseText, request.getResponseHeader('location')))
  request.upload.addEventListener('progress', ({ loaded, total }) => progress(total > 0 ? loaded / total : 0))
  request.addEventListener('loadend', finish)
  request.open('POST', url)
  request.setRequestHeader('accept', 'application/json')
  request.send(data)
})

const element = <Name extends keyof HTMLElementTagNameMap>(name: Name) => document.createElement(name)

function paragraph(text: string) {
  const made = element('p')
  made.textContent = text
  return made
}
