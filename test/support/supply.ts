import { randomUUID } from 'node:crypto'
import { newId } from '../../schema/shared.ts'
import { suppliers } from '../../schema/suppliers.ts'
import type { CastName } from '../../scripts/seed.ts'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>
type Buyer = 'minato' | 'hoshi'

/** A buyer with suppliers on its list, and what goes to and fro between the two. */
export function supplyOn(theatre: Theatre) {
  const { world: { database: { db, sql } }, as, mails, runJobs, idOf } = theatre

  const buyerOf = async (who: Buyer): Promise<string> => {
    const [row] = await sql`select buyer_id from buyer_members where person_id = ${idOf(who)}`
    return row?.buyer_id
  }

  async function supplierOf(who: Buyer, about: Partial<typeof suppliers.$inferInsert> = {}): Promise<string> {
    const id = newId(), matched = about.holder ? 'number' as const : null
    await db.insert(suppliers).values({ id, buyerId: await buyerOf(who), name: '山田プレス工業株式会社', matched, addedBy: idOf(who), ...about })
    return id
  }

  /** Sends the invitation and reads its mail; the token stands nowhere else. */
  async function invited(who: Buyer, supplierId: string, more: Record<string, string> = {}): Promise<string> {
    const { status, body } = await as(who).post(`/suppliers/${supplierId}/invitation`, { toEmail: 'yamada@yamada-press.example', language: 'ja', once: randomUUID(), ...more })
    if (status !== 201) throw new Error(`not invited: ${JSON.stringify(body)}`)
    return tokenInMail()
  }

  async function tokenInMail(): Promise<string> {
    await runJobs()
    return /\/invitations\/([\w-]{43})/.exec(mails.findLast(({ text }) => text.includes('/invitations/'))?.text ?? '')?.[1] ?? ''
  }

  const accepted = (token: string, who: CastName = 'yamada') => as(who).post(`/invitations/${token}/acceptance`, { once: randomUUID() })

  /** Offered by Minato on an accepted invitation, and taken by Yamada. */
  async function sponsored(): Promise<{ supplierId: string; sponsorshipId: string }> {
    const supplierId = await supplierOf('minato')
    await accepted(await invited('minato', supplierId, { terms: '審査費用の全額' }))
    const { body } = await as('yamada').get('/employer/buyers')
    const sponsorshipId = body.sponsorships[0].id
    await as('yamada').post(`/employer/sponsorships/${sponsorshipId}/acceptance`, { once: randomUUID() })
    return { supplierId, sponsorshipId }
  }

  return { buyerOf, supplierOf, invited, accepted, sponsored, tokenInMail }
}
