import { describe, expect, it } from 'vitest'
import { layOut } from '../../server/certificates/pdf/lay-out.ts'
import type { Ink } from '../../server/certificates/pdf/pen.ts'
import { widthOfLetters } from '../../server/certificates/pdf/setting.ts'
import type { CertificateStatement } from '../../server/domain/statement.ts'
import { certificateSample, crowdedSample, offlineCode } from '../support/certificate-sample.ts'

type Box = { what: string; left: number; bottom: number; right: number; top: number }
const paper_inside = { left: 34, bottom: 34, right: 561.28, top: 807.89 } // within the border

const sample = certificateSample()
const manySites = Array.from({ length: 90 }, (_, index) => ({ kind: 'workplace' as const, nameJa: `営業所番号${index + 1}号`, addressJa: '東京都港区' }))
const sheets: [string, CertificateStatement, string | null][] = [
  ['the press shop', sample, offlineCode], ['without a second code', certificateSample({ sample: true }), null], ['everything at its longest', crowdedSample(), offlineCode],
  ['ninety sites', certificateSample({ sites: manySites }), offlineCode],
  ['a name without end', certificateSample({ holder: { ...sample.holder, nameJa: '株式会社'.repeat(60), nameLatin: 'Nguyễn '.repeat(40) } }), offlineCode],
  ['parties without end', certificateSample({
    issuer: { ...sample.issuer, nameJa: '一般社団法人責任雇用認証機構'.repeat(4), addressEn: sample.issuer.addressEn.repeat(3) },
    assessor: { nameJa: '特定非営利活動法人アジア太平洋労働人権監査支援センター関西支部'.repeat(2), nameEn: 'Asia-Pacific Labour and Human Rights Audit Support Centre; '.repeat(3) },
  }), offlineCode],
  ['next to nothing', certificateSample({ scorecard: [], sites: [], exclusions: [{ ja: '', en: '' }], assessor: { nameJa: '', nameEn: '' } }), offlineCode],
]

describe('the sheet', () => {
  it.each(sheets)('has nothing over anything, and nothing over the border: %s', async (_, statement, code) => {
    const boxes = boxesOf(await layOut(statement, code))
    expect(boxes.length).toBeGreaterThan(40)
    expect(boxes.filter(box => !within(box, paper_inside)).map(({ what }) => what)).toEqual([])
    expect(boxes.flatMap((one, index) => boxes.slice(index + 1).filter(other => overlap(one, other)).map(other => `${one.what} × ${other.what}`))).toEqual([])
  })

  it('keeps the code that leads to the live page larger and its modules coarser than the other', async () => {
    const codes = (await layOut(sample, offlineCode)).flatMap(piece => piece.kind === 'shape' && piece.into?.box
      ? [{ alt: piece.into.alt, box: piece.into.box, module: Number(piece.operators[1]?.[1]) }] : [])
    const [live, offline] = codes
    if (!live || !offline || codes.length !== 2) throw new Error(`${codes.length} codes`)
    expect([live.alt?.includes(sample.verifyUrl), offline.alt?.includes('without a network')]).toEqual([true, true])
    expect(live.box[2] - live.box[0]).toBeGreaterThan(1.1 * (offline.box[2] - offline.box[0]))
    expect(live.module).toBeGreaterThan(2 * offline.module)
    expect(offline.module * 25.4 / 72).toBeGreaterThanOrEqual(0.33) // millimetres
  })

  it('reads from top to bottom within each column, and sets the sites of one list in one size', async () => {
    const ink = await layOut(crowdedSample(), offlineCode)
    const said = (piece: Ink) => piece.kind === 'text' ? piece.letters.map(({ cluster }) => cluster).join('') : ''
    const sites = ink.filter(piece => piece.kind === 'text' && said(piece).includes('精密部品製造センター'))
    expect(sites).toHaveLength(12)
    expect(new Set(sites.map(piece => piece.kind === 'text' && piece.type.size)).size).toBe(1)
    const heights = sites.flatMap(piece => piece.kind === 'text' ? [piece.y] : [])
    expect(heights).toEqual(heights.toSorted((one, other) => other - one))
  })
})

// A line of text as its reader sees it: from a little under the baseline to the height of a capital.
function boxesOf(ink: Ink[]): Box[] {
  return ink.flatMap(piece => {
    if (piece.kind === 'text') {
      const { letters, x, y, type } = piece
      const right = x + widthOfLetters(letters.at(-1)?.cluster === ' ' ? letters.slice(0, -1) : letters, type)
      return [{ what: letters.map(({ cluster }) => cluster).join(''), left: x, bottom: y - type.size * 0.1, right, top: y + type.size * 0.75 }]
    }
    if (!piece.into?.box) return []
    const [left, bottom, right, top] = piece.into.box
    return [{ what: piece.into.alt ?? '', left, bottom, right, top }]
  })
}

const within = (box: Box, outer: typeof paper_inside) => box.left >= outer.left && box.bottom >= outer.bottom && box.right <= outer.right && box.top <= outer.top

const slack = 0.5
const overlap = (one: Box, other: Box) =>
  one.left + slack < other.right && other.left + slack < one.right && one.bottom + slack < other.top && other.bottom + slack < one.top
