import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { openBrowser, whyNoBrowser } from '../support/browser.ts'
import { visitorWith } from '../support/visitor.ts'

// The auditor of pages that all browser tests rely on: it must see what is wrong, at each width.
const missing = await whyNoBrowser()
it.skipIf(missing)(`notes a picture without words, letters too pale on a phone alone, and what sticks out${missing ? ` (skipped: ${missing})` : ''}`, { timeout: 60_000 }, async () => {
  const app = Fastify()
  app.get('/', (_request, reply) => reply.type('text/html').send(`<!doctype html><html lang="ja"><meta name="viewport" content="width=device-width"><title>x</title>
    <style>@media (max-width: 400px) { p { color: #ddd } }</style><main><h1>x</h1><img src="data:,"><p>pale words</p><div style="width: 360px">x</div></main>`))
  const url = await app.listen({ port: 0, host: '127.0.0.1' }), browser = await openBrowser()
  const visitor = await visitorWith(browser, url)
  await visitor.open('/')
  await visitor.inspect('page')
  expect(visitor.flaws.map(flaw => flaw.replace(/:.*/s, ''))).toEqual(['page (ja, 1280 px) image-alt', 'page (ja, 390 px) color-contrast', 'page (ja, 390 px) image-alt', 'page (ja, 320 px) sticks out'])
  await browser.close()
  await app.close()
})
