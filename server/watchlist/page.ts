import { Id } from '../../schema/shared.ts'
import type { Watchlist, WatchlistQuery } from '../../schema/watchlist-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { watchedStandings } from '../domain/portfolio.ts'
import { portfolioOf } from './portfolio.ts'
import { countSuppliers, findSuppliers, slimSuppliers } from './suppliers.ts'

const a_page = 50

/** A buyer's watchlist: drawn as a whole first, then row by row. At most five statements, for three suppliers or three thousand. */
export async function watchlistPage(db: Db, buyerId: string, query: WatchlistQuery, today: string): Promise<Watchlist> {
  const { after: word, q, standing, tier, country, group, prefecture, gap } = query
  const filters = { q, standing, tier, country, group, prefecture, gap }
  const searching = Object.values(filters).some(Boolean), after = placeFrom(word)
  const all = await slimSuppliers(db, buyerId, today)
  const rows = await findSuppliers(db, buyerId, filters, { after, limit: a_page + 1 }, today)
  const last = rows.length > a_page ? rows[a_page - 1] : undefined
  const kept = new URLSearchParams(Object.entries(filters).flatMap(([name, value]) => (value ? [[name, String(value)]] : []))).toString()
  const different = <Value>(values: Value[]) => [...new Set(values)].sort()
  return {
    asked: filters, searching, suppliers: rows.slice(0, a_page), all: all.length, found: searching ? await countSuppliers(db, buyerId, filters, today) : all.length, first: !after, query: kept,
    next: last ? `/watchlist?${kept ? `${kept}&` : ''}after=${Buffer.from(JSON.stringify([last.name, last.id])).toString('base64url')}` : null,
    portfolio: searching || after || all.length === 0 ? null : await portfolioOf(db, buyerId, all, today),
    choices: {
      tiers: different(all.map(one => one.tier)), countries: different(all.map(one => one.country)), groups: different(all.map(one => one.group).filter(Boolean)), prefectures: different(all.map(one => one.prefecture).filter(Boolean)),
      standings: watchedStandings.filter(word => all.some(one => one.standing === word)),
    },
  }
}

function placeFrom(word: string | undefined): { name: string; id: string } | null {
  try {
    const [name, id] = JSON.parse(Buffer.from(word ?? '', 'base64url').toString('utf8')) as [unknown, unknown]
    return typeof name === 'string' && typeof id === 'string' && Id.safeParse(id).success && !name.includes('\0') ? { name, id } : null
  } catch {
    return null
  }
}
