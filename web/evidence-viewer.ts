import { drawPdf } from './pdf-pages.ts'

type Close = () => void
type Draw = (into: HTMLElement, address: string, viewer: EvidenceViewer) => Promise<Close | undefined>

/**
 * <evidence-viewer> round links with data-view: shows the document beside its criterion, drawn by us from its bytes. Nothing in a document runs:
 * a PDF becomes pictures, a sheet becomes texts. Links stay links for a new window, and where drawing fails.
 */
export class EvidenceViewer extends HTMLElement {
  #stop = new AbortController()
  #close: Close = () => undefined
  #shown: HTMLAnchorElement | null = null

  connectedCallback() {
    this.#stop = new AbortController()
    const { signal } = this.#stop
    this.addEventListener('click', event => this.#clicked(event), { signal })
    this.closest('bench-keys')?.addEventListener('next-document', () => void this.#showNext(), { signal })
  }

  disconnectedCallback() {
    this.#stop.abort()
    this.#close()
  }

  words(key: 'page' | 'failed' | 'more' | 'label', params: Record<string, string | number> = {}): string {
    return (this.dataset[key] ?? '').replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
  }

  #clicked(event: MouseEvent) {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-view]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    void this.#show(link)
  }

  #showNext() {
    const links = [...this.querySelectorAll<HTMLAnchorElement>('a[data-view]')]
    const next = links[this.#shown ? links.indexOf(this.#shown) + 1 : 0] ?? links[0]
    if (next) void this.#show(next)
  }

  async #show(link: HTMLAnchorElement) {
    this.#hide()
    this.#shown = link
    link.setAttribute('aria-current', 'true')
    const name = link.firstChild?.textContent ?? '', body = element('div', { className: 'beside-body', tabIndex: 0 })
    body.setAttribute('role', 'region')
    body.setAttribute('aria-label', this.words('label', { name }))
    body.textContent = this.dataset['reading'] ?? ''
    const close = element('button', { type: 'button', className: 'button button--second button--small', textContent: this.dataset['close'] ?? '' })
    close.addEventListener('click', () => { this.#hide(); link.focus() })
    const head = element('div', { className: 'beside-head' })
    head.append(element('strong', { textContent: name }), close)
    const panel = element('div', { className: 'beside' })
    panel.append(head, body)
    this.append(panel)
    body.focus({ preventScroll: true })
    panel.scrollIntoView({ block: 'nearest' })
    const drawn = await draws[link.dataset['view'] ?? '']?.(body, link.href, this).catch(() => { body.textContent = this.words('failed') })
    if (drawn && this.#shown === link) this.#close = drawn
    else drawn?.()
  }

  #hide() {
    this.#close()
    this.#close = () => undefined
    this.#shown?.removeAttribute('aria-current')
    this.#shown = null
    this.querySelector('.beside')?.remove()
  }
}

const draws: Record<string, Draw> = {
  async image(into, address) {
    const picture = element('img', { src: address, alt: into.getAttribute('aria-label') ?? '' })
    await picture.decode()
    into.replaceChildren(picture)
    return undefined
  },
  async table(into, address, viewer) {
    const answer = await fetch(`${address}/table`, { headers: { accept: 'application/json' } })
    const { rows, more, problem } = await answer.json() as { rows: string[][]; more: boolean; problem: string | null }
    if (!answer.ok || problem) throw new Error('not a table')
    const table = element('table')
    for (const cells of rows) table.insertRow().append(...cells.map(cell => element('td', { textContent: cell })))
    into.replaceChildren(table, ...(more ? [element('p', { className: 'small muted', textContent: viewer.words('more') })] : []))
    return undefined
  },
  pdf: (into, address, viewer) => drawPdf(into, address, { reader: viewer.dataset['pdf'] ?? '', worker: viewer.dataset['worker'] ?? '', label: (page, all) => viewer.words('page', { page, all }) }),
}

function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, set: Partial<HTMLElementTagNameMap[Tag]> = {}): HTMLElementTagNameMap[Tag] {
  return Object.assign(document.createElement(tag), set)
}
