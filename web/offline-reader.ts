import { readOfflineCode, type Key, type OfflineReading } from './offline-code.ts'
import { date, word } from './words.ts'

type Detector = { detect(image: ImageBitmap): Promise<{ rawValue: string }[]> }
declare const BarcodeDetector: (new (options: { formats: string[] }) => Detector) | undefined

/**
 * <offline-reader> round a form with one text field: reads the second code of a certificate, from the part of the address that no server
 * sees, from pasted text, or from a photo where the browser can. `data-keys`: our public keys; `data-site`: where the live page is.
 */
export class OfflineReader extends HTMLElement {
  #stop = new AbortController()

  connectedCallback() {
    const [form, field, photo] = [this.querySelector('form'), this.querySelector('textarea'), this.querySelector<HTMLInputElement>('input[type=file]')]
    if (!form || !field) return
    this.#stop = new AbortController()
    const { signal } = this.#stop
    form.addEventListener('submit', event => { event.preventDefault(); void this.#read(field.value) }, { signal })
    const scanned = () => { if (location.hash.length > 60) void this.#read(location.hash) }
    addEventListener('hashchange', scanned, { signal })
    scanned()
    if (!photo || typeof BarcodeDetector === 'undefined') return
    photo.closest('label')?.removeAttribute('hidden')
    photo.addEventListener('change', async () => {
      const [found] = photo.files?.[0] ? await codesIn(photo.files[0]) : []
      field.value = found ?? ''
      void this.#read(field.value)
    }, { signal })
  }

  disconnectedCallback() {
    this.#stop.abort()
  }

  async #read(text: string) {
    const reading = await readOfflineCode(text, JSON.parse(this.dataset['keys'] ?? '[]') as Key[])
    const answer = this.querySelector('.check-answer')
    answer?.replaceChildren(...this.#said(reading))
    answer?.scrollIntoView({ block: 'nearest' })
  }

  #said(reading: OfflineReading): Node[] {
    if ('refused' in reading) return [word(this, reading.refused), word(this, `${reading.refused}_text`)]
    const over = new Date() >= new Date(`${reading.expiresOn}T15:00:00Z`) // the last day counts, and ends in Japan
    const kind = over ? 'expired' : 'genuine'
    const values = { ...reading, until: date(reading.expiresOn) }
    const link = word(this, 'today')
    link.setAttribute('href', `${this.dataset['site'] ?? ''}/c/${encodeURIComponent(reading.number)}`)
    return [word(this, kind), word(this, `${kind}_text`, values), word(this, 'facts', values), word(this, 'suspension'), link]
  }
}

async function codesIn(photo: File): Promise<string[]> {
  try {
    const found = BarcodeDetector ? await new BarcodeDetector({ formats: ['qr_code'] }).detect(await createImageBitmap(photo)) : []
    return found.map(({ rawValue }) => rawValue).toSorted((one, other) => Number(other.includes('/o#')) - Number(one.includes('/o#'))) // two codes are on the paper
  } catch {
    return []
  }
}
