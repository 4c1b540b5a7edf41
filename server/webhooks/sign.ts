import { createHmac, randomBytes } from 'node:crypto'

/** Standard Webhooks: `whsec_` and the key in base64, as the receiver's library takes it. */
export const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`

/** The headers of a signed message (Standard Webhooks 1.0): id and time are signed with the body, one signature for each secret that counts now. */
export function signedHeaders({ id, at, body, secrets }: { id: string; at: Date; body: string; secrets: readonly string[] }): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1000)
  const signature = (secret: string) => `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  return { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': secrets.map(signature).join(' ') }
}
