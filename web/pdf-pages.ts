type Viewport = { width: number; height: number }
type Page = {
  getViewport(how: { scale: number }): Viewport
  render(how: { canvas: HTMLCanvasElement; viewport: Viewport }): { promise: Promise<void> }
  getTextContent(): Promise<{ items: { str?: string }[] }>
  cleanup(): void
}
type Pdf = { numPages: number; getPage(nth: number): Promise<Page> }
type Task = { promise: Promise<Pdf>; destroy(): Promise<void> }
type Reader = { GlobalWorkerOptions: { workerSrc: string }; getDocument(from: object): Task }
type How = { reader: string; worker: string; label: (page: number, all: number) => string }

const mostPixels = 4_000_000 // a page; a poster is drawn coarser

/** Draws a PDF page by page as it comes into sight, and forgets pages far out of it: a scan of 400 pages costs what a few cost. No script, form or link of the document is taken over. */
export async function drawPdf(into: HTMLElement, address: string, { reader, worker, label }: How): Promise<() => void> {
  const { GlobalWorkerOptions, getDocument } = await import(reader) as Reader
  GlobalWorkerOptions.workerSrc = worker
  const part = (name: string) => new URL(`../${name}/`, new URL(reader, location.href)).href
  const task = getDocument({
    url: address, cMapUrl: part('cmaps'), cMapPacked: true, standardFontDataUrl: part('standard_fonts'), wasmUrl: part('wasm'), useWasm: false,
    isEvalSupported: false, enableXfa: false, stopAtErrors: false, disableAutoFetch: true,
  })
  const pdf = await task.promise
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 })
  let over = false
  const unlessOver = (error: unknown) => { if (!over) throw error } // whoever goes on to another document cancels what is just being drawn
  const see = (sheet: HTMLElement, isNear: boolean) => { if (isNear) void draw(sheet).catch(unlessOver); else forget(sheet) }
  const seen = new IntersectionObserver(entries => { for (const { target, isIntersecting } of entries) see(target as HTMLElement, isIntersecting) }, { root: into, rootMargin: '100% 0px' })
  const sheets = Array.from({ length: pdf.numPages }, (_, nth) => {
    const sheet = document.createElement('div')
    sheet.className = 'beside-page'
    sheet.dataset['page'] = String(nth + 1)
    sheet.style.aspectRatio = `${first.width} / ${first.height}`
    return sheet
  })
  into.replaceChildren(...sheets)
  sheets.forEach(sheet => seen.observe(sheet))

  async function draw(sheet: HTMLElement) {
    if (sheet.firstChild) return
    const nth = Number(sheet.dataset['page']), canvas = document.createElement('canvas'), text = document.createElement('p')
    sheet.append(canvas, text)
    canvas.setAttribute('role', 'img')
    canvas.setAttribute('aria-label', label(nth, pdf.numPages))
    text.className = 'visually-hidden'
    const page = await pdf.getPage(nth), natural = page.getViewport({ scale: 1 })
    const wanted = (sheet.clientWidth / natural.width) * devicePixelRatio, most = Math.sqrt(mostPixels / (natural.width * natural.height))
    const viewport = page.getViewport({ scale: Math.min(wanted, most) })
    sheet.style.aspectRatio = `${natural.width} / ${natural.height}`
    Object.assign(canvas, { width: Math.floor(viewport.width), height: Math.floor(viewport.height) })
    await page.render({ canvas, viewport }).promise
    text.textContent = (await page.getTextContent()).items.map(({ str }) => str ?? '').join(' ') // for those who listen
    sheet.dataset['drawn'] = ''
  }

  function forget(sheet: HTMLElement) {
    delete sheet.dataset['drawn']
    sheet.replaceChildren()
  }

  return () => {
    over = true
    seen.disconnect()
    void task.destroy()
  }
}
