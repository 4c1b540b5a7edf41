import { answerFor, type Register, type Verdict } from './verify/answer.ts'
import { count, date, word } from './words.ts'

type Values = Record<string, string | number>

/**
 * <check-file> round a file input: says of a PDF, in words that the page brings along in a <template>, whether it is ours and what it is
 * worth. The file is read in this browser and goes nowhere; only its SHA-256 is asked for.
 */
export const checkFile = (register: Register) => class extends HTMLElement {
  #stop = new AbortController()
  #asked = 0

  connectedCallback() {
    const input = this.querySelector('input')
    if (!input) return
    this.#stop = new AbortController()
    const { signal } = this.#stop
    input.addEventListener('change', () => void this.#check(input.files?.[0]), { signal })
    input.addEventListener('click', () => { input.value = '' }, { signal }) // the same file, chosen again, is checked again
    // Anywhere on the page: a browser would open a file that misses the area, and the page would be gone.
    document.addEventListener('dragover', event => { event.preventDefault(); this.classList.add('is-over') }, { signal })
    document.addEventListener('dragleave', event => { if (!event.relatedTarget) this.classList.remove('is-over') }, { signal })
    document.addEventListener('drop', event => {
      event.preventDefault()
      this.classList.remove('is-over')
      void this.#check(event.dataTransfer?.files[0])
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
    const verdict = await answerFor(file, register)
    if (asked !== this.#asked) return // another file came meanwhile
    answer.replaceChildren(...this.#answer(verdict))
    more.replaceChildren(...this.#facts(verdict), ...this.#actions(verdict), this.#name(file, verdict), ...this.#checks(verdict))
    answer.scrollIntoView({ block: 'nearest' })
  }

  #answer(verdict: Verdict): Node[] {
    const { answer, file, named } = verdict
    const values = this.#values(verdict)
    const words = [word(this, headings[answer] ?? answer), word(this, spoken(verdict), values)]
    if (answer === 'ended' && file?.reasonClass) words.push(word(this, `reason_${file.reasonClass}`))
    if (named) words.push(word(this, 'as_of', values))
    if (named && this.#isAnother(named.number)) words.push(word(this, 'other'))
    return words
  }

  // A genuine file of one employer under the page of another is a trick worth a sentence.
  #isAnother(number: string): boolean {
    return (this.dataset['number'] ?? number) !== number
  }

  #values({ file, named, signed, size }: Verdict): Values {
    return {
      size: count(size), signed: count(signed), added: count(size - signed), number: named?.number ?? '',
      ...(file ? { edition: file.edition, current: file.currentEdition, since: date(file.since), until: date(file.expiresOn), replaced: date(file.replacedOn ?? file.since) } : {}),
      asOf: date(named?.asOf ?? ''),
    }
  }

  // What the register says of the number, never what the file says of itself.
  #facts({ file, named }: Verdict): Node[] {
    if (!named) return []
    const list = element('dl', 'facts')
    const row = (label: string, ...values: Node[]) => {
      const [line, name, value] = [element('div'), element('dt'), element('dd')]
      name.append(word(this, label))
      value.append(...values)
      line.append(name, value)
      list.append(line)
    }
    row('holder', written(named.holder.nameJa, 'ja'), element('br'), written(named.holder.nameLatin, 'en'))
    row('number', element('span', 'code', named.number), ...(file && file.currentEdition > 1 ? [document.createTextNode(' '), word(this, 'edition', { edition: file.edition })] : []))
    if (file) row('expires', document.createTextNode(date(file.expiresOn)))
    return [list]
  }

  #actions({ answer, file, named, sha256 }: Verdict): Node[] {
    if (!named) return []
    const line = element('p', 'check-actions')
    const link = (key: string, at: string, look = '') => {
      const words = word(this, key)
      if (!words.textContent) return
      const made = element('a', look)
      made.href = register.live ? at.replace(/^https?:\/\/[^/]+/, '') : at
      made.append(words)
      line.append(made, ' ')
    }
    if (answer !== 'valid' && answer !== 'remark') link('original', `${named.url}/certificate.pdf`, 'button')
    if (this.dataset['number'] !== named.number) link('live', named.url)
    if (file && answer !== 'added') link('receipt', `${named.url}/proof.json?file=${sha256}`)
    return line.childNodes.length > 0 ? [line] : []
  }

  #name(file: File, { sha256 }: Verdict): Node {
    const line = element('p', 'small muted', file.name)
    if (sha256) line.append(element('br'), 'SHA-256 ', element('span', 'code', sha256))
    return line
  }

  #checks({ checks, answer }: Verdict): Node[] {
    if (checks.length === 0) return []
    const [fold, summary, list] = [element('details', 'check-list'), element('summary'), element('ul', 'plain')]
    fold.open = !['valid', 'foreign'].includes(answer)
    summary.append(word(this, 'checks'))
    for (const [name, said] of checks) {
      const line = element('li')
      line.append(word(this, said), word(this, `${name}_${said}`))
      list.append(line)
    }
    fold.append(summary, list)
    return [fold]
  }
}

const headings: Partial<Record<Verdict['answer'], string>> = { superseded: 'ended', too_large: 'foreign', unreadable: 'unclear', no_crypto: 'unclear' }

function spoken({ answer, file, named }: Verdict): string {
  if (file && (answer === 'remark' || answer === 'ended')) return `means_${file.standing}`
  return answer === 'altered' && !named ? 'altered_seal_text' : `${answer}_text`
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, look = '', text = '') {
  const made = document.createElement(name)
  if (look) made.className = look
  if (text) made.textContent = text
  return made
}

function written(text: string, lang: string): HTMLElement {
  const made = element('span', '', text)
  made.lang = lang
  return made
}
