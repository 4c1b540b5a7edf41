import type { Watchlist } from '../../schema/watchlist-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { byPrefecture, expiriesByQuarter, gapsOverTime, inGoodStanding, standingsOf } from '../domain/portfolio.ts'
import { prefectures } from '../domain/prefectures.ts'
import { changesOf, wantedSuppliers } from './history.ts'
import { japanTiles } from './japan-tiles.ts'
import type { Slim } from './suppliers.ts'

const chart_height = 100

/** What a buyer's suppliers come to, as it is drawn: standings, expiries, Japan, gaps over time, what changed. Two statements beside the list of suppliers itself. */
export async function portfolioOf(db: Db, buyerId: string, suppliers: readonly Slim[], today: string): Promise<NonNullable<Watchlist['portfolio']>> {
  const expiries = expiriesByQuarter(suppliers, today)
  const gaps = gapsOverTime(await wantedSuppliers(db, buyerId), today)
  const most = Math.max(1, ...gaps.map(({ wanted }) => wanted))
  return {
    standings: standingsOf(suppliers), good: suppliers.filter(({ standing }) => inGoodStanding(standing)).length,
    expiries, mostExpiries: Math.max(1, ...expiries.map(one => one.suppliers)),
    ...onMap(suppliers),
    gaps: gaps.map((month, nth) => ({ ...month, x: nth * 20, ...column(month, most) })), mostWanted: gaps.some(({ wanted }) => wanted > 0) ? most : 0, open: suppliers.filter(({ gap }) => gap).length,
    changes: await changesOf(db, buyerId, { limit: 8 }),
  }
}

function onMap(suppliers: readonly Slim[]) {
  const places = byPrefecture(suppliers.filter(({ country }) => country === 'JP'))
  const tiles = japanTiles.map(([prefecture, x, y]) => ({ prefecture, en: prefectures.find(({ value }) => value === prefecture)?.en ?? '', short: prefecture.replace(/[都府県]$/, '').slice(0, 3), x: x * 48, y: y * 44, ...places.get(prefecture) ?? { suppliers: 0, open: 0 } }))
  return { tiles, elsewhere: suppliers.length - tiles.reduce((sum, tile) => sum + tile.suppliers, 0) }
}

// From the ground up: those who have the level, on top of them those who lack it.
function column({ wanted, reached }: { wanted: number; reached: number }, most: number) {
  const of = (suppliers: number) => Math.round((suppliers / most) * chart_height * 10) / 10
  return { reachedHeight: of(reached), reachedY: chart_height - of(reached), gapHeight: of(wanted - reached), gapY: chart_height - of(wanted) }
}
