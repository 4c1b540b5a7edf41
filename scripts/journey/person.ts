import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'

export type Person = ReturnType<typeof person>
type Init = { body?: BodyInit; headers?: Record<string, string> }

const patience_ms = 60_000

/** 503 means "nothing is lost, come back": the very same request again, as a person would. `once` in it keeps it one effect. */
async function patiently(send: () => Promise<Response>): Promise<Response> {
  for (const end = Date.now() + patience_ms; ; await new Promise(resolve => setTimeout(resolve, 300))) {
    const response = await send().catch((error: Error) => error)
    const away = response instanceof Error || response.status === 503
    if (!away) return response
    if (Date.now() > end) throw response instanceof Error ? response : new Error(`${response.url} stayed unavailable`)
  }
}

/** Somebody with a program in their hands: cookies kept, our origin told, JSON asked for. Anything above 399 ends the story with what was said. */
export function person(url: string, name: string) {
  const cookies = new Map<string, string>()

  const send = (method: string, path: string, { body, headers }: Init) => fetch(new URL(path, url), {
    method, redirect: 'manual', ...(body ? { body } : {}),
    headers: { accept: 'application/json', origin: new URL(url).origin, cookie: [...cookies].map(pair => pair.join('=')).join('; '), ...headers },
  })

  const answerTo = async (method: string, path: string, init: Init = {}) => {
    const response = await patiently(() => send(method, path, init))
    for (const line of response.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) cookies.set(key, value)
      else cookies.delete(key)
    }
    return response
  }

  const ask = async (method: string, path: string, init: Init = {}) => {
    const response = await answerTo(method, path, init)
    if (response.status >= 400) throw new Error(`${name}: ${method} ${path} → ${response.status} ${await response.text()}`)
    return response
  }

  return {
    name,
    get: async <Body>(path: string): Promise<Body> => (await ask('GET', path)).json() as Promise<Body>,
    bytes: async (path: string) => new Uint8Array(await (await ask('GET', path, { headers: { accept: '*/*' } })).arrayBuffer()),
    post: async <Body>(path: string, body: object = {}): Promise<Body> => (await ask('POST', path, written(body))).json() as Promise<Body>,
    /** Tries what must not go through, and says with which code it was refused; '' when it was not. */
    refused: async (path: string, body?: object): Promise<string> => {
      const response = await answerTo(body ? 'POST' : 'GET', path, body ? written(body) : {})
      const { code = '' } = await response.json() as { code?: string }
      return response.status >= 400 && response.status < 500 ? code : ''
    },
    upload: async <Body>(path: string, file: URL, type: string, fields: Record<string, string> = {}): Promise<Body> => {
      const form = new FormData()
      for (const [field, value] of Object.entries({ once: randomUUID(), ...fields })) form.set(field, value)
      form.set('file', new File([await readFile(file)], decodeURIComponent(file.pathname.split('/').at(-1) ?? ''), { type }))
      return (await ask('POST', path, { body: form })).json() as Promise<Body>
    },
  }
}

const written = (body: object): Init => ({ body: JSON.stringify({ once: randomUUID(), ...body }), headers: { 'content-type': 'application/json' } })

type Mails = { mails: { to: string; subject: string; text: string }[] }

/** Signs in as everybody does: asks for a code, reads the mail, types it. A code whose answer got lost on the way is spent: then for another one. */
export async function signInByMail(url: string, name: string, email: string, tries = 3): Promise<Person> {
  const who = person(url, name)
  const { signInId } = await who.post<{ signInId: string }>('/sign-in', { email })
  const code = await until(`a code for ${email}`, async () => {
    const { mails } = await who.get<Mails>('/dev/inbox')
    return /\b\d{6}\b/.exec(mails.find(mail => mail.to === email)?.text ?? '')?.[0]
  })
  const refused = await who.refused('/sign-in/code', { signInId, code })
  if (refused === '') return who
  if (tries === 1) throw new Error(`${name} cannot sign in: ${refused}`)
  return signInByMail(url, name, email, tries - 1)
}

/** Signs in as one of the development cast. */
export async function signInAs(url: string, email: string): Promise<Person> {
  const door = person(url, email)
  const { cast } = await door.get<{ cast: { id: string; name: string; email: string }[] }>('/sign-in')
  const found = cast.find(member => member.email === email)
  if (!found) throw new Error(`${email} is not in the cast of ${url}: is it a development instance?`)
  const who = person(url, found.name)
  await who.post(`/sign-in/as/${found.id}`)
  return who
}

/** Asks again until there is an answer; gives up after a minute. */
export async function until<Thing>(what: string, look: () => Promise<Thing | undefined | false>): Promise<Thing> {
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 150))) {
    const found = await look()
    if (found) return found
  }
  throw new Error(`waited a minute for ${what}`)
}
