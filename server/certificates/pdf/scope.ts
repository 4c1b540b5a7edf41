import type { CertificateStatement } from '../../domain/statement.ts'
import { line, write, type Pen } from './pen.ts'
import { bands, left, type } from './sheet.ts'
import { fitStack, type Paragraph, type Stack } from './stack.ts'
import { hairline } from './ink.ts'
import { phrase, type Bilingual, type Phrase } from './wording.ts'

const column = { width: 262, head: 18, indent: 62 }
const scale = { largest: 1.26, smallest: 0.6 }

/** What the certificate covers: industry, people, programmes, sites and housing, exclusions. */
export function drawScope(pen: Pen, statement: CertificateStatement): void {
  const { top, bottom } = bands.columns
  drawColumnHead(pen, 'scope', left, column.width)
  fitScope(pen, statement, bottom - top - column.head).draw({ x: left, top: top + column.head, width: column.width })
}

/** The two columns' heads share a baseline and a hairline. */
export function drawColumnHead(pen: Pen, key: Phrase, x: number, width: number): void {
  const { ja, en } = phrase(key)
  write(pen, ja, x, bands.columns.top + 9, type.heading)
  write(pen, en, x + ja.length * (type.heading.size + type.heading.spacing) + 5, bands.columns.top + 9, type.headingEnglish)
  line(pen, [x, bands.columns.top + 14], [x + width, bands.columns.top + 14], 0.4, hairline)
}

// Full size first, then smaller. A list that is still too long is cut from its end, sites before exclusions, and says by how many:
// as few as must go, found by halving.
function fitScope(pen: Pen, statement: CertificateStatement, height: number): Stack {
  const fitted = (dropped: number, smallest: number = scale.smallest) => {
    const fromSites = Math.min(dropped, Math.max(0, statement.sites.length - 1))
    const shown = [statement.sites.length - fromSites, statement.exclusions.length - (dropped - fromSites)] as const
    return fitStack(pen, paragraphsOf(statement, ...shown), column.width, height, smallest, scale.largest)
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

function paragraphsOf({ scope, sites, exclusions }: CertificateStatement, shownSites: number, shownExclusions: number): Paragraph[] {
  const foreign = phrase('foreign_workers')
  const people = {
    ja: `${scope.workersBand}（${foreign.ja} ${scope.foreignWorkersBand}）`, en: `${scope.workersBand} (${foreign.en} ${scope.foreignWorkersBand})`,
  }
  return [
    ...entry('industry', [{ ja: scope.industryJa, en: scope.industryEn }]),
    ...entry('workers', [people]),
    ...entry('programmes', [{ ja: scope.programmesJa.join('、'), en: scope.programmesEn.join('; ') }]),
    ...siteEntries(sites, shownSites),
    ...entry('exclusions', exclusions.length > 0 ? cut(exclusions, shownExclusions, 'more_exclusions') : [phrase('no_exclusions')]),
  ]
}

// A few sites stand like the other entries; a long list takes the whole width, one site to a line.
function siteEntries(sites: CertificateStatement['sites'], shown: number): Paragraph[] {
  const named = sites.map(({ kind, nameJa, addressJa }) => ({ ja: `${phrase(kind).ja}　${nameJa}`, en: addressJa }))
  if (sites.length <= 3) return entry('sites', cut(named, shown, 'more_sites'))
  const label = phrase('sites')
  const lines = named.map(({ ja, en }) => ({ text: `${ja}　${en}`, type: type.text, gap: 1.2, leading: 1.34 }))
  const rest = phrase('more_sites', { count: sites.length - shown })
  return [
    { text: `${label.ja} ${label.en}`, type: type.label, gap: 6 }, ...lines.slice(0, shown),
    ...(shown < sites.length ? [{ text: `${rest.ja} ${rest.en}`, type: type.text, gap: 1.2 }] : []),
  ]
}

const cut = (values: Bilingual[], shown: number, more: Phrase): Bilingual[] =>
  shown < values.length ? [...values.slice(0, shown), phrase(more, { count: values.length - shown })] : values

function entry(key: Phrase, values: Bilingual[]): Paragraph[] {
  const label = phrase(key)
  const labels = [{ text: label.ja, type: type.label }, { text: label.en, type: { ...type.english, size: 5.4 } }]
  return values.flatMap(({ ja, en }, index) => {
    const first: Paragraph = { text: ja, type: type.text, gap: index === 0 ? 6 : 1.4, indent: column.indent, leading: 1.36 }
    if (index === 0) first.labels = labels
    return en ? [first, { text: en, type: type.english, indent: column.indent, leading: 1.36 }] : [first]
  })
}
