type Words = Record<string, string>

const all = JSON.parse(document.querySelector<HTMLTemplateElement>('#words')?.content.textContent ?? '{}') as { ja: Words; en: Words }
const chosenMark = 'akashi-notebook:lang'
export type Lang = keyof typeof all
const chosen = (): Lang => (new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(chosenMark) ?? document.documentElement.lang) === 'en' ? 'en' : 'ja'

/** A sentence of the page in the reader's language, with its {holes} filled. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const sentence = all[chosen()][key]
  if (sentence === undefined) throw new Error(`no words for ${key}`)
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
export const knowsWord = (key: string) => key in all[chosen()]

/** Both languages lie on the phone: to change needs no network. */
export const lang = chosen
export function choose(to: Lang) {
  if (location.search) history.replaceState(null, '', location.pathname + location.hash)
  localStorage.setItem(chosenMark, to)
  document.documentElement.lang = to
}

/** What exists in two languages: nameJa and nameEn. Where English was not written the Japanese stands. */
export const local = (thing: object, field: string): string => {
  const named = thing as Record<string, string | undefined>
  return (chosen() === 'en' && named[`${field}En`]) || named[`${field}Ja`] || ''
}

const tag = () => (chosen() === 'en' ? 'en-GB' : 'ja-JP')
export const number = (value: number, digits = 0) => value.toLocaleString(tag(), { maximumFractionDigits: digits })
export const clock = (at: string) => new Date(at).toLocaleTimeString(tag(), { hour: '2-digit', minute: '2-digit' })
export const moment = (at: string) => new Date(at).toLocaleString(tag(), { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })
export const day = (on: string) => new Date(`${on}T00:00:00`).toLocaleDateString(tag(), { year: 'numeric', month: 'long', day: 'numeric' })
