import { readFileSync, globSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { withoutPlace } from '../../web/notebook/exif.ts'
import { area, perPerson, rectangle } from '../../web/notebook/room.ts'
import { jpeg } from '../support/evidence-files.ts'
import { jpegWithPlace, latitude, maker, withSegment } from '../support/photos.ts'
import { stage } from '../support/world.ts'

const { app, as, anybody, world: { database: { sql } } } = await stage()
const root = new URL('../..', import.meta.url).pathname

describe('the shell', () => {
  it('is for assessors, allows what it needs and nothing else, and says what to do without script', async () => {
    const page = await as('sato').page('/notebook')
    expect([page.status, (await as('yamada').get('/notebook')).status, (await anybody.get('/notebook')).status]).toEqual([200, 403, 401])
    expect(page.headers['content-security-policy']).toBe("default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
    expect(page.headers['permissions-policy']).toContain('microphone=(self)')
    expect((await as('sato').page('/assessments')).headers['permissions-policy']).toBeUndefined()
    expect(page.text).toMatch(/<noscript>[\s\S]*JavaScript[\s\S]*href="\/assessments"[\s\S]*<\/noscript>/)
    expect(page.text).not.toMatch(/佐藤|sato@|<script>|style="/) // it lies on the phone while nobody is signed in
  })

  it('weighs at most 150 KB gzip in all: page, style, script, worker, manifest, icon', async () => {
    const page = await as('sato').page('/notebook')
    const parts = [...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+|\/notebook\/[^"]+)"/g)].map(([, url = '']) => url)
    expect(parts.length).toBe(3)
    const sizes = await Promise.all([...parts, '/notebook/worker.js', app.assetUrls.mark].map(async url => gzipSync((await app.inject(url)).rawPayload).length))
    expect(sizes.reduce((sum, size) => sum + size, gzipSync(page.text).length)).toBeLessThanOrEqual(150 * 1024)
  })

  it('has a worker that names its parts, changes with them, and answers for /notebook alone', async () => {
    const { headers, body } = await app.inject('/notebook/worker.js')
    expect([headers['content-type'], headers['service-worker-allowed'], headers['cache-control']]).toEqual(['text/javascript; charset=utf-8', '/notebook', 'no-cache'])
    expect(JSON.parse(/self\.shell=(\[.*?\]);/.exec(body)?.[1] ?? '')).toEqual(['/notebook', '/notebook/manifest.webmanifest', app.assetUrls.notebookCss, app.assetUrls.notebook, app.assetUrls.mark])
    expect(body).toContain(`self.edition="${app.assetUrls.notebook}${app.assetUrls.notebookCss}`)
  })

  it('can be installed', async () => {
    const { headers, body } = await app.inject('/notebook/manifest.webmanifest')
    expect(headers['content-type']).toContain('application/manifest+json')
    expect(JSON.parse(body)).toMatchObject({ id: '/notebook', start_url: '/notebook', scope: '/notebook', display: 'standalone', icons: [{ src: app.assetUrls.mark, sizes: 'any' }] })
  })

  it('takes along what workers are asked, in every language, for assessors alone', async () => {
    const { body } = await as('sato').get('/notebook/questions')
    const [{ asked }] = await sql`select jsonb_array_length(jsonb_path_query_array(content, '$.criteria[*].workerQuestion')) as asked from standards order by in_force_from desc limit 1` as unknown as [{ asked: number }]
    expect(body.languages.map(({ questions }: { questions: unknown[] }) => questions.length)).toEqual(Array(17).fill(asked))
    expect((await as('yamada').get('/notebook/questions')).status).toBe(403)
  })
})

describe('words of the page', () => {
  const sources = globSync('web/notebook/**/*.ts', { cwd: root }).map(file => readFileSync(path.join(root, file), 'utf8')).join('\n')
  it('exist for every key that the page names', async () => {
    const { text } = await as('sato').page('/notebook')
    const written = (/id="words">(.*?)<\/template>/s.exec(text)?.[1] ?? "").replaceAll(/&(?:quot|#x27|#x60|#x3D|amp|lt|gt);/g, entity => ({ "&quot;": "\"", "&#x27;": "'", "&#x60;": "`", "&#x3D;": "=", "&amp;": "&", "&lt;": "<", "&gt;": ">" })[entity] ?? entity)
    const words = JSON.parse(written) as { ja: Record<string, string>; en: Record<string, string> }
    const named = [...sources.matchAll(/\bt\((?:[^()'`]*\? ?)?'([a-z_]+)'|: '((?:wrong|how|photo|voice|interview)_[a-z_]+)'|'(wrong_[a-z_]+)'/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')
    expect(named.length).toBeGreaterThan(120)
    expect([...new Set(named)].filter(key => !(key in words.ja) || !(key in words.en))).toEqual([])
  })
})

describe('the place in a photo', () => {
  it('goes, and nothing else does', () => {
    const taken = jpegWithPlace(), without = Buffer.from(withoutPlace(new Uint8Array(taken)))
    expect([taken.includes(latitude), without.includes(latitude), without.includes(maker)]).toEqual([true, false, true])
    expect(without.includes(Buffer.from([0x88, 0x25]))).toBe(false)
    expect(without.subarray(-jpeg.length + 2).equals(jpeg.subarray(2))).toBe(true)
    expect(Buffer.from(withoutPlace(new Uint8Array(jpeg))).equals(jpeg)).toBe(true)
  })

  it('goes whole where it cannot be read: XMP, IPTC, a broken Exif, a film behind the picture', () => {
    const clean = (bytes: Buffer) => Buffer.from(withoutPlace(new Uint8Array(bytes)))
    const xmp = withSegment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<exif:GPSLatitude>35,41N</exif:GPSLatitude>'))
    const broken = withSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0MM\0*'), Buffer.from([0xff, 0xff, 0xff, 0xf0]), latitude]))
    const behind = Buffer.concat([jpeg, Buffer.from('ftypmp42'), latitude])
    expect([clean(xmp), clean(broken), clean(behind), clean(withSegment(0xed, latitude))].map(bytes => bytes.equals(jpeg))).toEqual([true, true, true, true])
  })
})

describe('a room', () => {
  it.each([[rectangle(4.5, 4), 18], [[[0, 0], [0, 3], [3, 3], [3, 1], [5, 1], [5, 0]] as [number, number][], 11], [[[0, 0], [1, 1]] as [number, number][], 0]])('is measured whichever way round its walls were drawn', (corners, square) => {
    expect([area(corners), area(corners.toReversed())]).toEqual([square, square])
  })
  it('never rounds up to the minimum', () => expect([perPerson(17.99, 4), perPerson(18, 4), perPerson(18, 0)]).toEqual([4.49, 4.5, null]))
})
