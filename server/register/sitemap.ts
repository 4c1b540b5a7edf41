import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'

const most = 20_000 // addresses a part; the protocol allows 50,000

/** How many parts the sitemap has: one for the pages that are always there, and one for each so many certificates. */
export async function sitemapIndex(db: Db, publicUrl: string): Promise<string> {
  const [row] = await db.execute<{ certificates: number }>(sql`select coalesce(sum(certificates), 0)::int as certificates from register_totals`)
  const parts = Math.ceil((row?.certificates ?? 0) / most) + 1
  return xml('sitemapindex', Array.from({ length: parts }, (_, part) => `<sitemap><loc>${publicUrl}/sitemap-${part}.xml</loc></sitemap>`))
}

/** One part: 0 are the fixed pages. Certificates keep their place, since numbers only grow. */
export async function sitemapPart(db: Db, publicUrl: string, part: number): Promise<string | null> {
  if (part === 0) return xml('urlset', ['/', '/register', '/register/dictionary', '/c', '/standard'].map(path => `<url><loc>${publicUrl}${path}</loc></url>`))
  const rows = await db.execute<{ number: string }>(sql`select number from register_entries order by number offset ${(part - 1) * most} limit ${most}`)
  return rows.length > 0 ? xml('urlset', [...rows].map(({ number }) => `<url><loc>${publicUrl}/c/${number}</loc></url>`)) : null
}

const xml = (root: string, lines: string[]) => `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${lines.join('\n')}\n</${root}>\n`
