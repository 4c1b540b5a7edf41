import type { CertificateStatement } from '../../domain/statement.ts'
import { part, type Part } from './parts.ts'
import { line, set, write, type Pen } from './pen.ts'
import { widthOf } from './setting.ts'
import { bands, left, type } from './sheet.ts'
import { fitStack, type Paragraph, type Stack } from './stack.ts'
import { hairline } from './ink.ts'
import { both, english, japanese, phrase, type Phrase } from './wording.ts'

const column = { width: 262, head: 18, indent: 62 }
const scale = { largest: 1.26, smallest: 0.6 }

/** What the certificate covers: industry, people, programmes, sites and housing, exclusions. */
export function drawScope(pen: Pen, statement: CertificateStatement): void {
  const { top, bottom } = bands.columns
  drawColumnHead(pen, 'scope', left, column.width)
  fitScope(pen, statement, bottom - top - column.head).draw({ x: left, top: top + column.head, width: column.width }, pen.document)
}

/** The two columns' heads share a baseline and a hairline. */
export function drawColumnHead(pen: Pen, key: Phrase, x: number, width: number): void {
  const { ja, en } = phrase(key)
  const [heading, y] = [part('H2', pen.document), bands.columns.top + 9]
  write(pen, set(pen, japanese(ja), type.heading.face), { x, y }, type.heading, heading)
  write(pen, set(pen, english(en), type.headingEnglish.face), { x: x + ja.length * (type.heading.size + type.heading.spacing) + 5, y }, type.headingEnglish, heading)
  line(pen, [x, bands.columns.top + 14], [x + width, bands.columns.top + 14], 0.4, hairline)
}

// Full size first, then smaller. A list that is still too long is cut from its end, sites before exclusions, and says by how many:
// as few as must go, found by halving.
function fitScope(pen: Pen, statement: CertificateStatement, height: number): Stack {
  const fitted = (dropped: number, smallest: number = scale.smallest) => {
    const fromSites = Math.min(dropped, Math.max(0, statement.sites.length - 1))
    const shown = [statement.sites.length - fromSites, statement.exclusions.length - (dropped - fromSites)] as const
    return fitStack(pen, paragraphsOf(pen, statement, ...shown), column.width, height, smallest, scale.largest)
  }
  let [fits, tooMany] = [Math.max(0, statement.sites.length - 1) + Math.max(0, statement.exclusions.length - 1), -1]
  while (fits - tooMany > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (fitted(middle)) fits = middle
    else tooMany = middle
  }
  const stack = fitted(fits) ?? fitted(fits, 0.2)
  if (!stack) throw new Error('certificate: the scope does not fit on the page')
  return stack
}

function paragraphsOf(pen: Pen, { scope, sites, exclusions }: CertificateStatement, shownSites: number, shownExclusions: number): Paragraph[] {
  const list = part('L', pen.document)
  const foreign = phrase('foreign_workers')
  const people = {
    ja: `${scope.workersBand}（${foreign.ja} ${scope.foreignWorkersBand}）`, en: `${scope.workersBand} (${foreign.en} ${scope.foreignWorkersBand})`,
  }
  return [
    ...entry(list, 'industry', [{ ja: scope.industryJa, en: scope.industryEn }]),
    ...entry(list, 'workers', [people]),
    ...entry(list, 'programmes', [{ ja: scope.programmesJa.join('、'), en: scope.programmesEn.join('; ') }]),
    ...siteEntries(pen, list, sites, shownSites),
    ...entry(list, 'exclusions', exclusions.length > 0 ? cut(exclusions, shownExclusions, 'more_exclusions') : [phrase('no_exclusions')]),
  ]
}

// A few sites stand like the other entries; a long list takes the whole width, one site to a line and all in one size while that can be read.
function siteEntries(pen: Pen, list: Part, sites: CertificateStatement['sites'], shown: number): Paragraph[] {
  const named = sites.map(({ kind, nameJa, addressJa }) => ({ name: `${phrase(kind).ja}　${nameJa}`, addressJa }))
  if (sites.length <= 3) return entry(list, 'sites', cut(named.map(({ name, addressJa }) => ({ ja: name, addressJa })), shown, 'more_sites'))
  const item = part('LI', list)
  const rows = part('L', part('LBody', item))
  const body = () => part('LBody', part('LI', rows))
  const rest = phrase('more_sites', { count: sites.length - shown })
  const lines = named.slice(0, shown).map(({ name, addressJa }) => japanese(`${name}　${addressJa}`))
  const [longest] = lines.map(words => set(pen, words, type.text.face)).sort((one, other) => widthOf(other, type.text) - widthOf(one, type.text))
  const single = longest && widthOf(longest, { size: type.text.size * scale.smallest }) <= column.width
  return [
    { words: both(phrase('sites')), type: type.label, gap: 6, into: part('Lbl', item) },
    ...lines.map(words => ({ words, type: type.text, gap: 1.2, leading: 1.34, into: body(), ...(single ? { single, like: longest } : {}) })),
    ...(shown < sites.length ? [{ words: both(rest), type: type.text, gap: 1.2, into: body() }] : []),
  ]
}

type Value = { ja: string; en?: string; addressJa?: string }

const cut = (values: Value[], shown: number, more: Phrase): Value[] =>
  shown < values.length ? [...values.slice(0, shown), phrase(more, { count: values.length - shown })] : values

function entry(list: Part, key: Phrase, values: Value[]): Paragraph[] {
  const item = part('LI', list)
  const [name, body] = [part('Lbl', item), part('LBody', item)]
  const label = phrase(key)
  const labels = [{ words: japanese(label.ja), type: type.label, into: name }, { words: english(label.en), type: { ...type.english, size: 5.4 }, into: name }]
  return values.flatMap(({ ja, en, addressJa }, index) => {
    const first: Paragraph = { words: japanese(ja), type: type.text, gap: index === 0 ? 6 : 1.4, indent: column.indent, leading: 1.36, into: part('P', body) }
    if (index === 0) first.labels = labels
    const second = en ? english(en) : addressJa ? japanese(addressJa) : null
    return second ? [first, { words: second, type: type.english, indent: column.indent, leading: 1.36, into: part('P', body) }] : [first]
  })
}
