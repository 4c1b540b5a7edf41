import { describe, expect, it } from 'vitest'
import { makeNumber } from '../../server/domain/certificate-number.ts'
import { publicLocales, translate, type PublicLocale } from '../../server/http/locale.ts'
import { negotiate } from '../../server/http/negotiation.ts'
import { asMarkup, foreign, marked, unmarked } from '../../server/http/readings.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, cookieOf } = theatre
const { issued, employerOf } = sealedFilesOn(theatre)
const { number } = await issued({ employerId: await employerOf('yamada'), exclusions: '構内の請負会社' })

async function ask(url: string, headers: Record<string, string> = {}) {
  const reply = await app.inject({ method: 'GET', url, headers: { host: 'akashi.test', accept: 'text/html', ...headers } })
  return { statusCode: reply.statusCode, headers: reply.headers, body: reply.body.replaceAll('&#x3D;', '=') }
}
const langOf = (body: string) => /<html lang="([\w-]+)"/.exec(body)?.[1]
const tagOf = (locale: PublicLocale) => (locale === 'ja-simple' ? 'ja' : locale)
const pages = [`/c/${number}`, '/c', '/c?number=ABC', '/', '/standard', '/standard/S03', '/standard/criteria/RE-03.1', `/c/${makeNumber({ year: 2031, serial: 77, cycle: 1 })}`, `/c/${number}/report`, '/keys', '/o', `/c/${number}/offline.html`]

describe.each(publicLocales)('in %s', locale => {
  it.each(pages)('%s is read, and says whether a speaker has checked it', async path => {
    const { body } = await ask(`${path}${path.includes('?') ? '&' : '?'}lang=${locale}`)
    expect(langOf(body)).toBe(tagOf(locale))
    expect(unmarked(body)).toBe(body)
    expect(body.includes('<ruby>')).toBe(locale === 'ja-simple')
    expect(/<p class="[\w ]*unchecked"/.test(body)).toBe(locale !== 'ja' && locale !== 'en')
    expect(body.match(/<title>[^<]*<\/title>/)).not.toBeNull()
  })

  it('the standing of a certificate stands in the language’s own words', async () => {
    const { body } = await ask(`/c/${number}?lang=${locale}`)
    const words = body.replace(/<rt>.*?<\/rt>|<\/?ruby>|<rp>.\)?<\/rp>/g, '')
    expect(words).toContain(translate(locale, 'certificates.standing_certified'))
    if (locale !== 'en') expect(words).not.toContain(translate('en', 'certificates.standing_certified'))
    expect(body).toContain(`?lang=${locale}" lang="${locale}" hreflang="${locale}" aria-current="true"`)
  })

  it('a "no" of a public page is told too', async () => {
    const { statusCode, body } = await ask(`/c/${makeNumber({ year: 2031, serial: 77, cycle: 1 })}/certificate.pdf?lang=${locale}`)
    expect([statusCode, langOf(body), body.includes('class="languages"')]).toEqual([404, tagOf(locale), true])
    expect(body.replace(/<rt>.*?<\/rt>|<\/?ruby>|<rp>.\)?<\/rp>/g, '')).toContain(translate(locale, 'problems.number_unknown'))
    const lost = await ask(`/nowhere?lang=${locale}`)
    expect([lost.statusCode, langOf(lost.body), lost.headers['content-language']]).toEqual([404, tagOf(locale), tagOf(locale)])
  })
})

describe('which language', () => {
  it.each<[string, PublicLocale]>([
    ['vi', 'vi'], ['vi-VN,vi;q=0.9,en;q=0.8', 'vi'], ['zh', 'zh-Hans'], ['zh-CN', 'zh-Hans'], ['zh-Hans-SG,en', 'zh-Hans'], ['pt', 'pt-BR'], ['pt-PT;q=0.8', 'pt-BR'], ['tl-PH', 'fil'], ['fil', 'fil'], ['in', 'id'],
    ['NE-np', 'ne'], ['my;q=0.1, ne;q=0.5', 'ne'], ['en;q=0.5,ja;q=0.9', 'ja'], ['fr, de;q=0.9, id;q=0.1', 'id'], ['fr', 'ja'], ['vi;q=0', 'ja'], ['vi;q=x', 'ja'], ['*', 'ja'], ['', 'ja'], [';;,=,q', 'ja'],
    ['ja-simple', 'ja'], ['en-GB', 'en'], [`${'xx,'.repeat(5000)}vi`, 'ja'],
  ])('a browser that asks for %.40s reads %s', async (header, expected) => {
    const { body, headers } = await ask(`/c/${number}`, { 'accept-language': header })
    expect([langOf(body), body.includes('<ruby>')]).toEqual([expected, false])
    expect(String(headers.vary)).toContain('accept-language')
    expect(String(headers.vary)).not.toContain('cookie')
  })

  it('is the one that was chosen, before all others; a word that is no language counts for nothing', async () => {
    expect(langOf((await ask('/c?lang=my', { 'accept-language': 'vi' })).body)).toBe('my')
    expect(langOf((await ask('/c?lang=xx', { 'accept-language': 'vi' })).body)).toBe('vi')
    expect(langOf((await ask('/c?lang=__proto__')).body)).toBe('ja')
  })

  it('goes along once it was chosen, and leaves addresses alone when it was not', async () => {
    const chosen = (await ask('/?lang=my')).body, told = (await ask('/', { 'accept-language': 'my' })).body
    expect([chosen.includes('href="/c?lang=my"'), chosen.includes('href="/standard?lang=my"')]).toEqual([true, true])
    expect([told.includes('href="/c"'), told.includes('href="/standard"'), told.includes('href="/c?')]).toEqual([true, true, false])
  })

  it('is remembered on pages that nobody shares, and counts for nothing where only two are written', async () => {
    const cookie = `${cookieOf('yamada')}; lang=ne`
    expect(langOf((await ask('/standard', { cookie })).body)).toBe('ne')
    expect(langOf((await ask(`/c/${number}`, { cookie })).body)).toBe('ja')
    expect([langOf((await ask('/applications', { cookie })).body), langOf((await ask('/applications?lang=my', { cookie: cookieOf('yamada') })).body)]).toEqual(['ja', 'ja'])
    expect(langOf((await ask('/sign-in', { cookie: 'lang=ne', 'accept-language': 'en' })).body)).toBe('en')
  })

  it('is negotiated by weight, then by order', () => {
    expect(negotiate('a, b', ['b', 'a'])).toBe('a')
    expect(negotiate('a;q=0.2, b;q=0.3', ['a', 'b'])).toBe('b')
    expect([negotiate(undefined, ['a']), negotiate('b', ['a'])]).toEqual([null, null])
  })
})

describe('words in another language', () => {
  it('say which: data that exists in Japanese and English is English to a third, and Japanese to easy Japanese', async () => {
    const [vi, simple] = await Promise.all(['vi', 'ja-simple'].map(async lang => (await ask(`/standard?lang=${lang}`)).body))
    expect(vi).toMatch(/<a href="\/standard\/S01\?lang=vi"><span class="code">S01<\/span> <span lang="en">[^<]+<\/span><\/a>/)
    expect(simple).toMatch(/<a href="\/standard\/S01\?lang=ja-simple"><span class="code">S01<\/span> [^<]+<\/a>/)
  })

  it('a date has the digits of the paper, and in easy Japanese its reading', async () => {
    for (const locale of ['ne', 'my'] as const) expect((await ask(`/c/${number}?lang=${locale}`)).body).toMatch(/2029 [^\d<]+ 23/)
    expect((await ask(`/c/${number}?lang=ja-simple`)).body).toContain('2029<ruby>年<rp>(</rp><rt>ねん</rt><rp>)</rp></ruby>11<ruby>月<rp>(</rp><rt>がつ</rt><rp>)</rp></ruby>23<ruby>日<rp>(</rp><rt>にち</rt><rp>)</rp></ruby>')
  })

  it('programs get plain words', async () => {
    const { body } = await ask('/c/ABC?lang=ja-simple', { accept: 'application/json' })
    expect(JSON.parse(body).title).toBe('これは 証書の 番号では ありません。RE-JP で 始まる 番号を 入れて ください')
  })
})

describe('marks', () => {
  const said = marked('｜証書《しょうしょ》の <b>')
  it('become elements in text, and vanish where no element may stand', () => {
    expect(asMarkup(`<p title="${said}">${said}</p><title>${said}</title><option>${said}</option>`)).toBe(
      '<p title="証書の <b>"><ruby>証書<rp>(</rp><rt>しょうしょ</rt><rp>)</rp></ruby>の <b></p><title>証書の <b></title><option>証書の <b></option>')
    expect(asMarkup(`<p>${foreign('Wages', 'en')}</p><svg><text>${foreign('Wages', 'en')}</text></svg>`)).toBe('<p><span lang="en">Wages</span></p><svg><text>Wages</text></svg>')
  })
  it('that somebody typed unbalance no page', async () => {
    for (const joke of ['\uFDD3', '\uFDD5', '\uFDD0a\uFDD1', '\uFDD4<\uFDD5', '\uFDD0\uFDD3\uFDD2']) {
      const { body } = await ask(`/c?lang=vi&number=${encodeURIComponent(joke)}`)
      expect([body.split('<span').length, unmarked(body) === body]).toEqual([body.split('</span>').length, true])
    }
  })
  it('are nothing to whoever reads the words alone', () => expect(unmarked(said + foreign('賃金', 'ja'))).toBe('証書の <b>賃金'))
})
