import { OfflineReader } from './offline-reader.ts'

customElements.define('offline-reader', OfflineReader)
void keepForLater()

/** After one visit this page works without a network: it puts itself, its style and its script into a cache that its worker serves from. */
async function keepForLater() {
  if (!('serviceWorker' in navigator)) return
  await navigator.serviceWorker.register('/o/worker.js', { scope: '/o' })
  const parts = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet], link[rel=icon]')].map(({ href }) => href).filter(href => !href.startsWith('data:'))
  const scripts = [...document.querySelectorAll<HTMLScriptElement>('script[src]')].map(({ src }) => src)
  const cache = await caches.open('offline-code')
  const page = await fetch(location.pathname + location.search, { headers: { accept: 'text/html' } })
  if (!page.ok) return
  await cache.addAll([...parts, ...scripts])
  await cache.put('/o', page)
  const kept = [...parts, ...scripts, new URL('/o', location.href).href]
  for (const request of await cache.keys()) if (!kept.includes(request.url)) await cache.delete(request) // of an earlier version
  document.documentElement.dataset['kept'] = 'true'
}
