import { z } from 'zod'
import { Dictionary, Directory, RegisterQuery } from '../../schema/register-shapes.ts'
import { unlessUnchanged } from '../certificates/unchanged.ts'
import { japanDate } from '../domain/calendar.ts'
import { contentDisposition } from '../http/content-disposition.ts'
import { Refused } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { columns } from './columns.ts'
import { directoryPage } from './directory.ts'
import { registerCsv, registerJson } from './open-data.ts'
import { sitemapIndex, sitemapPart } from './sitemap.ts'

// C13 and decisions.md 11: free, without account and without meter. These are ceilings against floods.
const open = { may: 'anyone', shared: true, rateLimit: { max: 600, timeWindow: '1 minute' } } as const
const whole = { may: 'anyone', shared: true, rateLimit: { max: 60, timeWindow: '1 minute' } } as const
const fresh = 'public, max-age=30' // a suspension is seen within a minute

export function registerRoutes(app: App, { database: { db }, now, publicUrl }: World) {
  app.get('/register', { config: { ...open, operation: 'register.search', page: 'register/index' }, onSend: unlessUnchanged, schema: { querystring: RegisterQuery, response: { 200: Directory } } },
    async (request, reply) => {
      void reply.header('cache-control', fresh)
      return directoryPage(db, request.query, japanDate(now()))
    })

  app.get('/register.csv', { config: { ...whole, operation: 'register.csv' } }, (_, reply) => {
    const today = japanDate(now())
    return reply.headers({ 'cache-control': fresh, 'content-disposition': contentDisposition(`akashi-register-${today}.csv`, 'attachment') }).type('text/csv; charset=utf-8').send(registerCsv(db, today))
  })

  app.get('/register.json', { config: { ...whole, operation: 'register.json' } }, (_, reply) =>
    reply.headers({ 'cache-control': fresh }).type('application/json; charset=utf-8').send(registerJson(db, japanDate(now()))))

  app.get('/register/dictionary', { config: { ...open, operation: 'register.dictionary', page: 'register/dictionary' }, schema: { response: { 200: Dictionary } } }, (_, reply) => {
    void reply.header('cache-control', fresh)
    return { columns: columns.map(({ name, type, ja, en, values }) => ({ name, type, ja, en, values: [...values ?? []] })), files }
  })

  app.get('/sitemap.xml', { config: { ...open, operation: 'register.sitemap' } }, async (_, reply) => reply.header('cache-control', fresh).type('application/xml').send(await sitemapIndex(db, publicUrl)))

  app.get('/sitemap-:part.xml', { config: { ...open, operation: 'register.sitemap_part' }, schema: { params: z.object({ part: z.coerce.number().int().min(0).max(100_000) }) } }, async (request, reply) => {
    const part = await sitemapPart(db, publicUrl, request.params.part)
    if (!part) throw new Refused({ refused: 'not_found' })
    return reply.header('cache-control', fresh).type('application/xml').send(part)
  })

  app.get('/robots.txt', { config: { ...open, operation: 'register.robots' } }, (_, reply) => reply.type('text/plain').send(`User-agent: *\nDisallow: /sign-in\nSitemap: ${publicUrl}/sitemap.xml\n`))
}

const files = [
  { url: '/register.csv', ja: '表計算ソフト用。Excel で文字化けしません。数式に見えるセルは先頭に「\'」を付けています', en: 'For spreadsheets: opens in Excel in Japanese; a cell that looks like a formula begins with an apostrophe' },
  { url: '/register.json', ja: 'プログラム用。1行に1通', en: 'For programs: one certificate a line' },
  { url: '/register/changes', ja: '変更を、起きた順に。after に前回の番号を付けて読み進めます', en: 'Every change in order; go on from the last number with `after`' },
  { url: '/openapi.json', ja: 'この画面と同じ内容を、プログラムから読む方法', en: 'How programs read the same pages' },
]
