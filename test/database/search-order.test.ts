import { describe, expect, it } from 'vitest'
import { fillMillion } from '../../scripts/bench/fill-million.ts'
import { searchRegister, type Place, type Search } from '../../server/register/search.ts'
import { stage } from '../support/world.ts'

// Where a search leaves the order of readings for that of numbers, and that every page after that is whole.
const { world: { database: { sql, db } } } = await stage()
await fillMillion(sql, 8000, { issuedOn: '2026-01-10', expiresOn: '2029-01-09' })
const today = '2026-11-24'

type Row = { number: string; sort_key: string; prefecture: string; standing: string; searched: string }
const all = [...await sql<Row[]>`select number, sort_key, prefecture, standing, searched from register_entries`]
const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
const byReading = (one: Row, other: Row) => compare(one.sort_key, other.sort_key) || compare(one.number, other.number)
const byNumber = (one: Row, other: Row) => compare(other.number, one.number)

async function pages(search: Search, limit: number) {
  const seen: string[] = [], orders = new Set<boolean>()
  for (let after: Place | null = null; ;) {
    const found = await searchRegister(db, { ...search, limit, after }, today)
    seen.push(...found.rows.map(({ number }) => number))
    orders.add(found.byNumber)
    if (!found.next) return { seen, orders: [...orders] }
    after = found.next
  }
}

describe('the order of what is found', () => {
  it.each<[string, Search, (row: Row) => boolean, 'readings' | 'numbers']>([
    ['a word that every company has', { q: '株' }, row => row.searched.includes('株'), 'numbers'],
    ['a word that every second has', { q: '株式会社' }, row => row.searched.includes('株式会社'), 'numbers'],
    ['two words', { q: '株 山田' }, row => row.searched.includes('株') && row.searched.includes('山田'), 'readings'],
    ['a common word in one prefecture', { q: '株', prefecture: '沖縄県' }, row => row.prefecture === '沖縄県', 'readings'],
    ['a common word that is suspended', { q: '株', standing: 'suspended' }, row => row.standing === 'suspended', 'readings'],
    ['no word, one prefecture', { prefecture: '北海道' }, row => row.prefecture === '北海道', 'readings'],
    ['a word that nobody has', { q: '存在しない' }, () => false, 'readings'],
    ['nothing', {}, () => true, 'readings'],
  ])('%s: every match once, page after page', async (_, search, matches, order) => {
    const expected = all.filter(matches).toSorted(order === 'numbers' ? byNumber : byReading).map(({ number }) => number)
    expect(await pages(search, 400)).toEqual({ seen: expected, orders: [order === 'numbers'] })
  })

  it('of a page that goes on by reading where by now very many match: by number, from the newest on', async () => {
    const found = await searchRegister(db, { q: '株', limit: 50, after: { sortKey: '\u0001', number: '' } }, today)
    expect([found.byNumber, found.matches, found.rows.map(({ number }) => number)]).toEqual([true, null, all.toSorted(byNumber).slice(0, 50).map(({ number }) => number)])
  })
})
