import Fastify, { type FastifyInstance } from 'fastify'
import accepts from '@fastify/accepts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { prepareAssets, serveAssets } from '../../server/http/assets.ts'
import { openBrowser } from '../support/browser.ts'

// A page of forms and a server that notes what it is sent: what the elements do is seen from the other end of the wire.
type Sent = { url: string; once: string; version: string; text: string; files: string[] }
let app: FastifyInstance, browser: Browser, page: Page, origin: string, script: string
let sent: Sent[] = []
let answer: (url: string) => { status: number; body?: object; location?: string }

const fields = '<input type="hidden" name="once" value="first"><input type="hidden" name="version" value="1"><input type="hidden" name="action" value="x">'
const forms = `
  <busy-form>
  <save-answer data-saving="saving" data-saved="saved" data-failed="failed"><form id="answer" method="post" action="/answer">${fields}<textarea name="text"></textarea><button>go</button></form></save-answer>
  <form id="upload" method="post" action="/upload" enctype="multipart/form-data">${fields}
    <file-upload data-waiting="waiting" data-done="done" data-failed="failed" data-remove="remove"><div class="upload-area"><input type="file" name="file" multiple></div></file-upload><button class="go">go</button></form>
  <keep-draft data-restored="restored" data-discard="discard"><form id="draft" method="post" action="/draft">${fields}<textarea name="text"></textarea><button class="go">go</button></form></keep-draft>
  </busy-form>`
const document = (body: string) => `<!doctype html><html lang="ja"><title>x</title><body data-viewer="a@b.example">${body}<script type="module" src="${script}"></script>`

beforeAll(async () => {
  const assets = await prepareAssets()
  script = assets.urls.js
  app = Fastify()
  await app.register(accepts)
  await app.register(serveAssets(assets))
  app.addContentTypeParser(['multipart/form-data', 'application/x-www-form-urlencoded'], { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.get('/forms', (_request, reply) => reply.type('text/html').send(document(forms)))
  app.get('/plain', (_request, reply) => reply.type('text/html').send(document('plain')))
  app.get('/sign-in', (_request, reply) => reply.type('text/html').send(document('sign in')))
  app.post('/*', async (request, reply) => {
    const form = await new Response(new Uint8Array(request.body as Buffer), { headers: { 'content-type': String(request.headers['content-type']) } }).formData()
    const [once, version, text] = ['once', 'version', 'text'].map(name => String(form.get(name) ?? '')) as [string, string, string]
    sent.push({ url: request.url, once, version, text, files: form.getAll('file').flatMap(file => (typeof file === 'string' ? [] : [file.name])) })
    const { status, body, location } = answer(form.getAll('file').flatMap(file => (typeof file === 'string' ? [] : [file.name]))[0] ?? request.url)
    if (location) void reply.header('location', location)
    return reply.code(status).send(body ?? {})
  })
  origin = await app.listen({ port: 0, host: '127.0.0.1' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await app.close()
})
beforeEach(async () => {
  sent = []
  page = await (await browser.newContext()).newPage()
  await page.goto(`${origin}/forms`)
})
afterEach(() => page.context().close())

it('saves an answer when writing pauses, each time with a token of its own and the version just given', async () => {
  answer = () => ({ status: 201, body: { version: sent.length + 1 } })
  await page.fill('#answer textarea', 'はい')
  await page.waitForSelector('.saved-state[data-state=saved]')
  await page.fill('#answer textarea', 'いいえ')
  await expect.poll(() => sent.length, { timeout: 5000 }).toBe(2)
  expect(sent.map(({ url, version, text }) => ({ url, version, text }))).toEqual([{ url: '/answer', version: '1', text: 'はい' }, { url: '/answer', version: '2', text: 'いいえ' }])
  expect(new Set(sent.map(({ once }) => once)).size).toBe(2)
  expect(await page.textContent('.saved-state')).toBe('saved')
})

it('says that an answer was not saved, in the words of the server', async () => {
  answer = () => ({ status: 409, body: { title: 'somebody was first' } })
  await page.fill('#answer textarea', 'はい')
  await page.waitForSelector('.saved-state[data-state=failed]')
  expect(await page.textContent('.saved-state')).toBe('somebody was first')
})

it('sends each file by itself; a refused one stays with its reason and can be tried again', async () => {
  answer = name => (name === 'bad.pdf' && sent.length < 3 ? { status: 422, body: { errors: [{ field: 'file', message: 'encrypted' }] } } : { status: 201, location: '/plain' })
  const file = (name: string) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-') })
  await page.setInputFiles('input[type=file]', [file('賃金台帳（3月分）.pdf'), file('bad.pdf')])
  await page.click('#upload .go')
  await page.waitForSelector('.upload-failed')
  expect(await page.textContent('.upload-failed')).toBe('encrypted')
  expect(sent.map(({ files }) => files)).toEqual([['賃金台帳（3月分）.pdf'], ['bad.pdf']])
  await page.click('#upload .go')
  await page.waitForURL('**/plain')
  expect(sent.map(({ files }) => files).at(-1)).toEqual(['bad.pdf'])
  expect(new Set(sent.map(({ once }) => once)).size).toBe(3)
})

it('gives back what was written when the session had ended, and forgets it once it is accepted', async () => {
  answer = () => ({ status: 303, location: '/sign-in' })
  await page.fill('#draft textarea', '長い理由')
  await page.click('#draft .go')
  await page.waitForURL('**/sign-in')
  await page.goto(`${origin}/forms`)
  expect(await page.inputValue('#draft textarea')).toBe('長い理由')
  expect(await page.textContent('keep-draft .notice p')).toBe('restored')
  answer = () => ({ status: 303, location: '/plain' })
  await page.click('#draft .go')
  await page.waitForURL('**/plain')
  await page.goto(`${origin}/forms`)
  expect(await page.inputValue('#draft textarea')).toBe('')
})

it('sends a form once, however often the button is pressed', async () => {
  answer = () => ({ status: 204 })
  await page.dblclick('#draft .go')
  await page.click('#draft .go')
  expect(sent).toHaveLength(1)
})
