/**
 * One sentence of a <template> inside the element, by its key, with values in its {holes}. The page's own
 * words may carry markup; values never become any. `data-i` names the shape that says the same as the colour.
 */
export function word(home: Element, key: string, values: Record<string, string | number> = {}): HTMLElement {
  const kept = (name: string) => home.querySelector('template')?.content.querySelector<HTMLElement>(`[data-k="${name}"]`)
  const found = kept(key)?.cloneNode(true) as HTMLElement | undefined ?? document.createElement('span')
  const texts = document.createTreeWalker(found, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) texts.currentNode.nodeValue = texts.currentNode.nodeValue?.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')) ?? ''
  const shape = found.dataset['i'] && kept(found.dataset['i'])?.firstElementChild?.cloneNode(true)
  if (shape) found.prepend(shape)
  return found
}

// The paper has the digits 0-9 and the years of this calendar, in every language.
const tag = () => `${document.documentElement.lang.replace(/^en$/, 'en-GB')}-u-ca-gregory-nu-latn`
export const date = (day: string): string => day && new Intl.DateTimeFormat(tag(), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day))
export const count = (value: number): string => value.toLocaleString(tag())
