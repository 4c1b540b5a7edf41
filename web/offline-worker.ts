// The worker of /o alone: the network first, for four seconds; then what the page kept of itself. It keeps nothing else and sees no other page.
type Fetched = Event & { request: Request; respondWith(reply: Promise<Response>): void }
type Lived = Event & { waitUntil(done: Promise<unknown>): void }
const worker = self as unknown as { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } }

addEventListener('install', () => void worker.skipWaiting())
addEventListener('activate', event => (event as Lived).waitUntil(worker.clients.claim()))
addEventListener('fetch', event => {
  const { request, respondWith } = event as Fetched
  const { pathname } = new URL(request.url)
  if (request.method === 'GET' && (pathname === '/o' || pathname.startsWith('/assets/'))) respondWith.call(event, answer(request))
})

async function answer(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(4000) })
  } catch {
    return await caches.match(request, { ignoreVary: true, ignoreSearch: true }) ?? Response.error()
  }
}
