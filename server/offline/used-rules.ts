import { globSync, readFileSync } from 'node:fs'

const templates = new URL('../../templates/', import.meta.url).pathname
const shown = globSync(['offline/*.hbs', 'parts/{status,icon,notice}.hbs', 'certificates/standing.hbs'], { cwd: templates }).map(file => readFileSync(templates + file, 'utf8')).join('')

const absent = /(?:^|[\s>+~(])(?:table|thead|tbody|th|td|tr|caption|hr|img|select|fieldset|legend|blockquote|figure|h3|h4|ol|nav)\b/ // elements that stand on other pages

/** Of a minified stylesheet the rules that a saved page can need: their classes stand in its templates or script. It is to be kept, so it is to be small. */
export function usedRules(css: string, script: string): string {
  const isUsed = (name: string) => shown.includes(name) || script.includes(name) || shown.includes(`${name.split('--')[0]}--{{`) && name.includes('--')
  const needed = (selector: string) => [...selector.replace(/:not\([^)]*\)/g, '').matchAll(/\.([a-z]+(?:-+[a-z]+)*)/g)].every(([, name = '']) => isUsed(name)) && !absent.test(selector)
  const kept = css.replace(/([^{}@]+)(\{[^{}]*\})/g, (_, selectors: string, body: string) => {
    const left = selectors.split(/,(?![^(]*\))/).filter(needed)
    return left.length > 0 ? left.join(',') + body : ''
  })
  return kept.replace(/@media[^{]*\{\}/g, '')
}
