import { eq } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import { v5 } from 'uuid'
import { submissions } from '../../schema/journal.ts'
import { within, type Db } from '../adapters/database.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'

/**
 * One transaction, one effect: a form that arrives twice (double tap, lost answer) gets the first one's outcome.
 * The second waits for the first on the unique token. A refusal is committed (it may be on record) but frees the token.
 */
export async function writeOnce<Outcome>(db: Db, by: { once?: string; personId: string | null }, write: (tx: Db) => Promise<Outcome | Refusal>): Promise<Outcome | Refusal> {
  return within(db, async tx => {
    const { once, personId } = by
    if (!once) return write(tx)
    const [mine] = await tx.insert(submissions).values({ once, personId }).onConflictDoNothing().returning()
    if (!mine) return firstOutcome<Outcome>(tx, once, personId)
    const outcome = await write(tx)
    if (isRefusal(outcome)) await tx.delete(submissions).where(eq(submissions.once, once))
    else await tx.update(submissions).set({ outcome }).where(eq(submissions.once, once))
    return outcome
  })
}

/**
 * The same for what is shown once and kept nowhere: the secret goes into the first answer alone. A second sending has no effect and no secret;
 * its page says so, and how to get a new one.
 */
export async function tellOnce<Made extends object>(db: Db, by: { once?: string; personId: string | null }, write: (tx: Db) => Promise<{ made: Made; secret: string } | Refusal>): Promise<Made & { secret: string | null } | Refusal> {
  let secret: string | null = null
  const made = await writeOnce<Made>(db, by, async tx => {
    const told = await write(tx)
    if (isRefusal(told)) return told
    secret = told.secret
    return told.made
  })
  return isRefusal(made) ? made : { ...made, secret }
}

async function firstOutcome<Outcome>(tx: Db, once: string, personId: string | null): Promise<Outcome | Refusal> {
  const [first] = await tx.select().from(submissions).where(eq(submissions.once, once))
  return first && first.personId === personId ? first.outcome as Outcome : { refused: 'not_found' }
}

/**
 * Binds a form's token to who sent what where. The same form sent twice is one effect; the same token on another page, or with other
 * words in it (the reader went back and wrote on), is another form: nothing typed is dropped, no outcome answers a question it does not fit.
 */
export const boundTo = (once: string, ...what: unknown[]): string => v5(JSON.stringify(what), once)

/** preHandler hook: every token that a handler sees is bound already. */
export async function bindOnce(request: FastifyRequest): Promise<void> {
  const body = request.body as { once?: unknown } | null | undefined
  if (typeof body !== 'object' || typeof body?.once !== 'string') return
  const { once, ...form } = body
  body.once = boundTo(once as string, request.viewer?.personId ?? null, request.url.split('?')[0], form)
}
