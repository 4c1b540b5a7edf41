import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { certificateEvents } from '../../schema/certificates.ts'
import { badgeSizes, tones } from '../../server/badges/draw.ts'
import { textWidth } from '../../server/badges/text-width.ts'
import { makeNumber } from '../../server/domain/certificate-number.ts'
import { publicLocales } from '../../server/http/locale.ts'
import { anyHistory } from '../support/any-history.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, world: { database: { db, sql } } } = theatre
const { issued, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada') })
await anyHistory(sql)
const unknown = makeNumber({ year: 2031, serial: 77, cycle: 1 })

const ask = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers: { host: 'akashi.test', ...headers } })
async function happens(number: string, event: (typeof certificateEvents.$inferInsert)['event']) {
  const [row] = await sql`select id from certificates where number = ${number}`
  await db.insert(certificateEvents).values({ event, happenedOn: '2026-11-24', certificateId: row?.id, actor: 'clock' })
}

describe('the badge', () => {
  it('says in words, shape and colour what the certificate is worth, whose it is and as of when', async () => {
    const { statusCode, headers, body } = await ask(`/c/${number}/badge.svg`)
    expect([statusCode, headers['content-type'], headers['cache-control'], headers.vary, headers['set-cookie']]).toEqual([200, 'image/svg+xml; charset=utf-8', 'public, max-age=30', 'accept-language', undefined])
    for (const fact of ['>有効<', '山田プレス工業株式会社', number, '2026-11-24現在', 'role="img"', '<title id="akashi-badge">', '<desc', tones.good.ink, 'm8 12.5 2.7 2.7L16 9.5']) expect(body).toContain(fact)
    expect(/<script|style=|on\w+="|href/.test(body)).toBe(false)
  })

  it.each([['suspended', 'stopped', '効力停止中'], ['scope_reduced', 'attention', '有効（範囲を縮小）'], ['withdrawn', 'stopped', '取り消されました'], ['surrendered', 'neutral', '会社が返上しました']] as const)(
    'of a certificate that is %s says so, at once', async (event, tone, words) => {
      const one = await issued()
      const { headers: { etag } } = await ask(`/c/${one.number}/badge.svg`)
      await happens(one.number, event)
      const { statusCode, body } = await ask(`/c/${one.number}/badge.svg`, { 'if-none-match': String(etag) })
      expect([statusCode, body.includes(`>${words}<`), body.includes(`stroke="${tones[tone].ink}"`), body.includes(tones.good.ink)]).toEqual([200, true, true, false])
    })

  it.each([['that was never issued', unknown], ['that is none', 'ISO9001-4711'], ['with a slip', `${number.slice(0, -1)}${number.endsWith('0') ? '1' : '0'}`], ['that is markup', '<img src=x>']])(
    'of a number %s is drawn, and never green', async (_, typed) => {
      for (const kind of ['badge.svg', 'badge']) {
        const { statusCode, body } = await ask(`/c/${encodeURIComponent(typed)}/${kind}`, { accept: 'text/html,image/svg+xml' })
        expect([statusCode, body.includes('登録簿にありません'), body.includes(tones.good.ink), body.includes('<img src=x')]).toEqual([404, true, false, false])
      }
    })

  it('may stand on any page, as a picture or in a frame; nothing else of ours may', async () => {
    const [picture, frame, page] = [await ask(`/c/${number}/badge.svg`), await ask(`/c/${number}/badge`), await ask(`/c/${number}`, { accept: 'text/html' })]
    for (const { headers } of [picture, frame]) {
      expect([headers['cross-origin-resource-policy'], headers['x-frame-options'], String(headers['content-security-policy']).includes('frame-ancestors *')]).toEqual(['cross-origin', undefined, true])
    }
    expect([page.headers['cross-origin-resource-policy'], page.headers['x-frame-options'], String(page.headers['content-security-policy']).includes("frame-ancestors 'none'")]).toEqual(['same-origin', 'SAMEORIGIN', true])
    expect([frame.body.includes('<script'), frame.body.includes('<style'), frame.body.includes(`href="http://akashi.test/c/${number}"`), frame.body.length < 4000]).toEqual([false, false, true, true])
  })

  it.each(publicLocales)('in %s is a whole drawing whose lines fit', async locale => {
    const { body } = await ask(`/c/${number}/badge.svg?lang=${locale}`)
    const width = Number(/viewBox="0 0 (\d+) 72"/.exec(body)?.[1])
    const ends = [...body.matchAll(/<text x="(\d+)"[^>]*textLength="([\d.]+)"/g)].map(([, x, length]) => Number(x) + Number(length))
    expect([ends.length, Math.max(...ends) < width, /[\uFDD0-\uFDEF]|ruby/.test(body)]).toEqual([3, true, false])
  })

  it('takes the language of the reader when none is asked for, and the size that is asked for', async () => {
    const heights = await Promise.all(['small', 'medium', 'large', 'gigantic'].map(async size => / height="(\d+)"/.exec((await ask(`/c/${number}/badge.svg?size=${size}`)).body)?.[1]))
    expect(heights).toEqual([badgeSizes.small, badgeSizes.medium, badgeSizes.large, badgeSizes.medium].map(String))
    expect((await ask(`/c/${number}/badge.svg`, { 'accept-language': 'vi' })).body).toContain('Còn hiệu lực')
  })

  it('has the colours of the site', () => {
    const tokens = readFileSync(new URL('../../web/styles/tokens.css', import.meta.url), 'utf8')
    const token = (name: string) => new RegExp(`--${name}: ([^;]+);`).exec(tokens)?.[1]
    expect(tones).toEqual({
      good: { ink: token('good'), tint: token('good-tint') }, attention: { ink: token('attention'), tint: token('attention-tint') },
      stopped: { ink: token('stopped'), tint: token('stopped-tint') }, neutral: { ink: token('ink-soft'), tint: token('neutral-tint') },
    })
  })

  it('measures marks as nothing and kanji as a square', () => expect([textWidth('証書', 10), textWidth('é'.normalize('NFD'), 10), textWidth('', 10)]).toEqual([20, 5.8, 0]))
})
