import type { Asked, Named, Register, Registered } from './answer.ts'

/** The register as this site answers for it today. */
export const liveRegister: Register = {
  live: true,
  file: sha256 => ask<Registered>(`/c/files/${sha256}`),
  number: number => (number ? ask<Named>(`/c/${number}`) : Promise.resolve('unknown')),
  root: async () => {
    const reply = await fetch('/keys/root.der').catch(() => null)
    return reply?.ok ? new Uint8Array(await reply.arrayBuffer()) : null
  },
}

// 404 and 400 are the register's own "no" (a problem with a code). Whatever else stands between us and it is no answer.
async function ask<Answer>(url: string): Promise<Asked<Answer>> {
  try {
    const reply = await fetch(url, { cache: 'no-cache', headers: { accept: 'application/json' } }) // now, not half a minute ago
    const body = await reply.json()
    return reply.ok ? body : reply.status < 429 && 'code' in body ? 'unknown' : 'unreachable'
  } catch {
    return 'unreachable'
  }
}

/** What a saved page knows: the files of one certificate and its standing on the day of saving. Only time goes on by itself. */
export function keptRegister(files: Registered[], root: Uint8Array, now: () => Date): Register {
  const known = files.map(file => agedTo(file, new Date(now().getTime() + japan_ms).toISOString().slice(0, 10)))
  return {
    live: false,
    file: async sha256 => known.find(file => file.sha256 === sha256) ?? 'unknown',
    number: async number => known.find(file => file.number === number) ?? 'unknown',
    root: async () => root,
  }
}

const japan_ms = 9 * 3_600_000

// The last day counts (server/domain/standing.ts). Nothing follows an end.
function agedTo(file: Registered, today: string): Registered {
  const over = today > file.expiresOn && ['certified', 'certified_with_condition', 'scope_reduced', 'suspended'].includes(file.standing)
  return over ? { ...file, standing: 'expired', reasonClass: null, since: new Date(Date.parse(file.expiresOn) + 86_400_000).toISOString().slice(0, 10) } : file
}
