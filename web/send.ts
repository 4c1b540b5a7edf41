export type Sent = { ok: boolean; location: string | null; version: number | null; message: string | null }

/** What the server made of a form that was sent as a program sends it: JSON, or a problem of RFC 9457. */
export function readAnswer(status: number, body: string, location: string | null): Sent {
  const answer = parsed(body)
  const ok = status >= 200 && status < 300
  const [error] = Array.isArray(answer['errors']) ? (answer['errors'] as { message?: string }[]) : []
  const message = ok ? null : (error?.message ?? asText(answer['title']))
  return { ok, location, version: typeof answer['version'] === 'number' ? answer['version'] : null, message }
}

/** A token of its own for each request: the server gives every token one effect. */
export function withFreshToken(data: FormData): FormData {
  data.set('once', crypto.randomUUID())
  return data
}

/** The version that the next request must name, or someone's change would look like somebody else's. */
export function keepVersion(form: HTMLFormElement, version: number | null) {
  const field = form.querySelector<HTMLInputElement>('input[type=hidden][name=version]')
  if (field && version !== null) field.value = String(version)
}

/** The form's own address; `form.action` would be the field of that name, if there is one. */
export const addressOf = (form: HTMLFormElement) => new URL(form.getAttribute('action') ?? '', location.href).href

const asText = (value: unknown) => (typeof value === 'string' ? value : null)

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {} // a proxy's page, not ours
  }
}
