/** What came back. 0: nothing did, there is no network or it broke. */
export type Asked = { status: number; body: unknown; headers: Headers }
type Asking = { method?: string; json?: unknown; bytes?: Blob; headers?: Record<string, string>; waitMs?: number }

/** One request to our own server. It never throws: no network is what a field day is made of. */
export async function ask(path: string, { method = 'GET', json, bytes, headers = {}, waitMs = 30_000 }: Asking = {}): Promise<Asked> {
  const type: Record<string, string> = json === undefined ? bytes ? { 'content-type': 'application/octet-stream' } : {} : { 'content-type': 'application/json' }
  try {
    const reply = await fetch(path, {
      method, headers: { accept: 'application/json', ...type, ...headers }, signal: AbortSignal.timeout(waitMs), redirect: 'manual', cache: 'no-store', credentials: 'same-origin',
      ...(json === undefined ? bytes ? { body: bytes } : {} : { body: JSON.stringify(json) }),
    })
    const said = await reply.text()
    return { status: reply.type === 'opaqueredirect' ? 401 : reply.status, body: parsed(said), headers: reply.headers }
  } catch {
    return { status: 0, body: null, headers: new Headers() }
  }
}

export const isOk = ({ status }: Asked) => status >= 200 && status < 300
export const codeOf = ({ body }: Asked) => (body as { code?: string } | null)?.code ?? ''

function parsed(said: string): unknown {
  try { return JSON.parse(said) } catch { return null } // a hotel's sign-in page, not ours
}
