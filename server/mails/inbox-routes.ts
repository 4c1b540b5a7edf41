import { z } from 'zod'
import { Instant } from '../../schema/shared.ts'
import type { Inbox } from '../adapters/inbox.ts'
import type { App } from '../http/server.ts'

const Mails = z.object({ mails: z.array(z.object({ to: z.string(), subject: z.string(), text: z.string(), at: Instant })) })

/** Development only: what the mail server on loopback has caught. */
export function inboxRoutes(app: App, inbox: Inbox) {
  app.get('/dev/inbox', { config: { may: 'anyone', operation: 'mails.inbox', page: 'mails/inbox' }, schema: { response: { 200: Mails } } }, async () => ({ mails: inbox.mails.slice(0, 100) }))
}
