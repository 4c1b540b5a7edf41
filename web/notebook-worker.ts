// The worker of /notebook: the page and its parts from this phone, at once, with or without a network. It sees nothing else of the site, and keeps nothing that somebody wrote.
type Fetched = Event & { request: Request; respondWith(reply: Promise<Response>): void }
type Lived = Event & { waitUntil(done: Promise<unknown>): void }
const worker = self as unknown as { shell: string[]; edition: string; skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } }
const name = `notebook-${worker.edition}`

addEventListener('install', event => (event as Lived).waitUntil(keep()))
addEventListener('activate', event => (event as Lived).waitUntil(forgetOthers()))
addEventListener('fetch', event => {
  const { request, respondWith } = event as Fetched
  const { pathname, origin } = new URL(request.url)
  if (request.method === 'GET' && origin === location.origin && worker.shell.includes(pathname)) respondWith.call(event, answer(request, pathname))
})

/** All of it or nothing: a sign-in page in the place of the notebook would lock somebody out in the field. */
async function keep() {
  const cache = await caches.open(name)
  const replies = await Promise.all(worker.shell.map(async part => [part, await fetch(part, { cache: 'no-cache', headers: { accept: part === '/notebook' ? 'text/html' : '*/*' } })] as const))
  const wrong = replies.find(([, reply]) => !reply.ok || reply.redirected)
  if (wrong) throw new Error(`not the notebook: ${wrong[0]}`)
  for (const [part, reply] of replies) await cache.put(part, reply)
  await worker.skipWaiting()
}

async function forgetOthers() {
  for (const other of await caches.keys()) if (other.startsWith('notebook-') && other !== name) await caches.delete(other)
  await worker.clients.claim()
}

async function answer(request: Request, part: string): Promise<Response> {
  return await (await caches.open(name)).match(part, { ignoreVary: true }) ?? fetch(request)
}
