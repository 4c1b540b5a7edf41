import type { Show } from './check-file.ts'
import { answerFor, type Register, type Verdict } from './verify/answer.ts'
import { count, date, word } from './words.ts'

/** Judges a file against a register and says the answer: one of four large ones, the certificate as the register knows it, and check by check. */
export const showWith = (register: Register): Show => async (file, home, isLatest) => {
  const [answer, more] = [home.querySelector('.check-answer'), home.querySelector('.check-more')]
  const verdict = await answerFor(file, register)
  if (!isLatest() || !answer || !more) return
  const isAnother = verdict.named !== null && (home.dataset['number'] ?? verdict.named.number) !== verdict.named.number
  answer.replaceChildren(...answered(home, verdict, { live: register.live, isAnother }))
  more.replaceChildren(...facts(home, verdict), ...actions(home, verdict, { live: register.live, isHere: home.dataset['number'] === verdict.named?.number }), name(file, verdict), ...checks(home, verdict))
  answer.scrollIntoView({ block: 'nearest' })
}

function answered(home: HTMLElement, verdict: Verdict, { live, isAnother }: { live: boolean; isAnother: boolean }): Node[] {
  const { answer, file, named } = verdict
  const values = valuesOf(verdict)
  const words = [word(home, headings[answer] ?? answer), word(home, spoken(verdict), values)]
  if (answer === 'ended' && file?.reasonClass) words.push(word(home, `reason_${file.reasonClass}`))
  if (named && (live || answer !== 'valid')) words.push(word(home, 'as_of', values)) // a saved page says it with the answer itself
  if (isAnother) words.push(word(home, 'other')) // a genuine file of one employer under the page of another is a trick
  return words
}

const headings: Partial<Record<Verdict['answer'], string>> = { superseded: 'ended', too_large: 'foreign', unreadable: 'unclear', no_crypto: 'unclear' }

function spoken({ answer, file, named }: Verdict): string {
  if (file && (answer === 'remark' || answer === 'ended')) return `means_${file.standing}`
  return answer === 'altered' && !named ? 'altered_seal_text' : `${answer}_text`
}

const valuesOf = ({ file, named, signed, size }: Verdict) => ({
  size: count(size), signed: count(signed), added: count(size - signed), number: named?.number ?? '', asOf: date(named?.asOf ?? ''),
  ...(file ? { edition: file.edition, current: file.currentEdition, since: date(file.since), until: date(file.expiresOn), replaced: date(file.replacedOn ?? file.since) } : {}),
})

// What the register says of the number, never what the file says of itself.
function facts(home: HTMLElement, { file, named }: Verdict): Node[] {
  if (!named) return []
  const list = element('dl', 'facts')
  const row = (label: string, ...values: (Node | string)[]) => {
    const [line, term, value] = [element('div'), element('dt'), element('dd')]
    term.append(word(home, label))
    value.append(...values)
    line.append(term, value)
    list.append(line)
  }
  row('holder', written(named.holder.nameJa, 'ja'), element('br'), written(named.holder.nameLatin, 'en'))
  row('number', element('span', 'code', named.number), ...(file && file.currentEdition > 1 ? [' ', word(home, 'edition', { edition: file.edition })] : []))
  if (file) row('expires', date(file.expiresOn))
  return [list]
}

function actions(home: HTMLElement, { answer, file, named, sha256 }: Verdict, { live, isHere }: { live: boolean; isHere: boolean }): Node[] {
  if (!named) return []
  const line = element('p', 'check-actions')
  const link = (key: string, at: string, look = '') => {
    const made = element('a', look)
    made.href = live ? at.replace(/^https?:\/\/[^/]+/, '') : at
    made.append(word(home, key))
    line.append(made, ' ')
  }
  if (answer !== 'valid' && answer !== 'remark') link('original', `${named.url}/certificate.pdf`, 'button')
  if (!isHere) link('live', named.url)
  if (live && file && answer !== 'added') link('receipt', `${named.url}/proof.json?file=${sha256}`)
  if (live && (answer === 'altered' || answer === 'added')) link('report', `${named.url}/report?file=${sha256}`)
  return line.childNodes.length > 0 ? [line] : []
}

function name(file: File, { sha256 }: Verdict): Node {
  const line = element('p', 'small muted', file.name)
  if (sha256) line.append(element('br'), 'SHA-256 ', element('span', 'code', sha256))
  return line
}

function checks(home: HTMLElement, { checks, answer }: Verdict): Node[] {
  if (checks.length === 0) return []
  const [fold, summary, list] = [element('details', 'check-list'), element('summary'), element('ul', 'plain')]
  fold.open = !['valid', 'foreign'].includes(answer)
  summary.append(word(home, 'checks'))
  for (const [check, said] of checks) {
    const line = element('li')
    line.append(word(home, said), word(home, `${check}_${said}`))
    list.append(line)
  }
  fold.append(summary, list)
  return [fold]
}

function element<Name extends keyof HTMLElementTagNameMap>(tag: Name, look = '', text = '') {
  const made = document.createElement(tag)
  if (look) made.className = look
  if (text) made.textContent = text
  return made
}

function written(text: string, lang: string): HTMLElement {
  const made = element('span', '', text)
  made.lang = lang
  return made
}
