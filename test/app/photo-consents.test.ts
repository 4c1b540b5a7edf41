import { v7 } from 'uuid'
import { describe, expect, it } from 'vitest'
import { photosIn } from '../../server/audit-reports/photos.ts'
import type { ItemVersion } from '../../server/domain/notebook.ts'
import { benchOn } from '../support/bench.ts'
import { jpeg } from '../support/evidence-files.ts'
import { notebookOn, sha256Of, wireOn, type Phone } from '../support/notebooks.ts'
import { stage } from '../support/world.ts'

// C34: how consent to a photo is said, on the visit's page and in the field notebook, and what a report makes of it.
const theatre = await stage()
const { as, idOf, world: { database: { sql } } } = theatre
const { caseAt } = benchOn(theatre)
const { opened, version, sync } = notebookOn(theatre)
const { put } = await wireOn(theatre)

const consentsOf = async (id: string) => (await sql`select c.consent, c.said_by, d.sha256 from photo_consents c join documents d on d.id = c.document_id where c.application_id = ${id}`).map(row => ({ ...row }))
/** What the report would show if the file were sealed now. */
async function shown(id: string): Promise<[taken: number, shown: unknown[]]> {
  const rows = await sql<{ part: string; content: never }[]>`select part, content from dossier_rows(${id}) order by part`
  const { taken, agreed } = photosIn({ sha256: '', sealedAt: new Date(), logSeq: 0, unscanned: [], of: kind => rows.filter(({ part }) => part.startsWith(`${kind}/`)).map(({ content }) => content) })
  return [taken, agreed.map(({ note, files }) => [note, files.map(({ sha256 }) => sha256)])]
}
const picture = () => Buffer.concat([jpeg, Buffer.from(v7())])
const fileOf = (bytes: Buffer, part: 'small' | 'original' = 'original') => ({ part, sha256: sha256Of(bytes), size: bytes.length, type: 'image/jpeg' })
const photo = (phone: Phone, consent: string | undefined, files: ItemVersion['files'], change: Partial<ItemVersion> = {}) => version(phone, { kind: 'photo', criterion: 'RE-09.2', content: { text: '寮の廊下', ...consent ? { consent } : {} }, files, ...change })
let id = '', phone: Phone
const begin = async () => { id = await caseAt('visit_planned'); phone = await opened('sato', id) }

describe('on the visit’s page', () => {
  it.each([['nobody', 1], ['agreed', 1], ['none', 0], ['maybe', 0], [undefined, 0]] as const)('%s leaves %i row', async (consent, rows) => {
    const id = await caseAt('visit_planned'), bytes = picture()
    const { status } = await as('sato').upload(`/applications/${id}/visit/notes/photos`, { name: '廊下.jpg', type: 'image/jpeg', bytes }, { criterion: 'RE-09.2', note: '寮の廊下', ...consent ? { consent } : {} })
    expect([status, await consentsOf(id), await shown(id)]).toEqual([201, rows ? [{ consent, said_by: idOf('sato'), sha256: sha256Of(bytes) }] : [], [1, rows ? [['寮の廊下', [sha256Of(bytes)]]] : []]])
  })

  it('is asked with the file, and no is the answer that is there', async () => {
    const page = (await as('sato').page(`/applications/${await caseAt('visit_planned')}/visit/notes`)).text
    expect([/name="consent" value="none" checked/.test(page), /name="consent" value="(nobody|agreed)">/.test(page), page.indexOf('name="consent"') < page.indexOf('type="file"')]).toEqual([true, true, true])
  })
})

describe('in the field notebook', () => {
  it('goes to the original and the small copy, whichever comes last; the small one is shown first', async () => {
    await begin()
    const [small, original] = [picture(), picture()]
    await sync(phone, [photo(phone, 'agreed', [fileOf(small, 'small'), fileOf(original)])])
    await put(phone, sha256Of(original), original)
    expect(await consentsOf(id)).toEqual([{ consent: 'agreed', said_by: idOf('sato'), sha256: sha256Of(original) }])
    await put(phone, sha256Of(small), small)
    expect([(await consentsOf(id)).length, await shown(id)]).toEqual([2, [1, [['寮の廊下', [sha256Of(small), sha256Of(original)]]]]])
  })

  it.each(['none', 'maybe', undefined])('as %s is none', async consent => {
    await begin()
    const bytes = picture()
    await sync(phone, [photo(phone, consent, [fileOf(bytes)])])
    await put(phone, sha256Of(bytes), bytes)
    expect([await consentsOf(id), await shown(id)]).toEqual([[], [1, []]])
  })

  it('of a struck version is none', async () => {
    await begin()
    const bytes = picture()
    await sync(phone, [photo(phone, 'agreed', [fileOf(bytes)], { struck: true })])
    await put(phone, sha256Of(bytes), bytes)
    expect([await consentsOf(id), await shown(id)]).toEqual([[], [1, []]])
  })

  it.each([['struck', { struck: true }, 'agreed'], ['corrected to no', {}, 'none']] as const)('%s later keeps the photo out', async (_, change, consent) => {
    await begin()
    const bytes = picture(), first = photo(phone, 'agreed', [fileOf(bytes)])
    await sync(phone, [first])
    await put(phone, sha256Of(bytes), bytes)
    expect((await shown(id))[1].length).toBe(1)
    await sync(phone, [photo(phone, consent, [fileOf(bytes)], { item: first.version.item, over: [first.hash], ...change })])
    expect([(await consentsOf(id)).length, await shown(id)]).toEqual([1, [1, []]])
  })

  it('given with a correction lets it in, once, with the last words', async () => {
    await begin()
    const bytes = picture(), first = photo(phone, 'none', [fileOf(bytes)])
    await sync(phone, [first])
    await put(phone, sha256Of(bytes), bytes)
    await sync(phone, [photo(phone, 'nobody', [fileOf(bytes)], { item: first.version.item, over: [first.hash], content: { text: '寮の二階', consent: 'nobody' } })])
    expect([(await consentsOf(id)).map(({ consent }) => consent), await shown(id)]).toEqual([['nobody'], [1, [['訂正 / corrected: 寮の二階', [sha256Of(bytes)]]]]])
  })

  it('that two devices answer differently is none, and so is the same file with two answers', async () => {
    await begin()
    const bytes = picture(), item = v7()
    await sync(phone, [photo(phone, 'agreed', [fileOf(bytes)], { item })])
    await put(phone, sha256Of(bytes), bytes)
    await sync(await opened('sato', id), [photo(phone, 'none', [fileOf(bytes)], { item })].map(({ version }) => ({ hash: '0'.repeat(64), version })))
    expect((await shown(id))[1].length).toBe(1) // a version under a wrong hash changes nothing
    const tablet = await opened('sato', id)
    await sync(tablet, [photo(tablet, 'none', [fileOf(bytes)], { item })])
    expect((await shown(id))[1]).toEqual([])
    const again = picture()
    await sync(phone, [photo(phone, 'agreed', [fileOf(again)]), photo(phone, 'none', [fileOf(again)])])
    await put(phone, sha256Of(again), again)
    expect((await shown(id))[1]).toEqual([])
  })
})
