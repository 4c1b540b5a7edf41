import { asc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { BuyerForm, BuyerPage } from '../../schema/buyer-shapes.ts'
import { buyerMembers, buyers } from '../../schema/buyers.ts'
import type { Db } from '../adapters/database.ts'
import { mailWaiting } from '../alerts/daily.ts'
import type { AlertMode } from '../domain/alerts.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { newBuyerCode } from './code.ts'
import { askedMembers, join } from './membership.ts'

type About = Pick<z.infer<typeof BuyerForm>, 'nameJa' | 'nameEn' | 'corporateNumber'>
type By = { viewer: Viewer; requestId: string; now: Date }

/** Whoever belongs to no buyer yet founds one and is its first member. */
export async function foundBuyer(tx: Db, { nameJa, nameEn, corporateNumber }: About, { viewer: { personId, buyerId }, requestId }: By): Promise<{ buyerId: string } | Refusal> {
  if (buyerId) return { refused: 'already_exists' }
  const [row] = await tx.insert(buyers).values({ nameJa, nameEn, corporateNumber, code: newBuyerCode(), createdBy: personId }).returning({ id: buyers.id })
  if (!row) throw new Error('the buyer just founded is not there')
  const joined = await join(tx, row.id, personId)
  if (joined) return joined
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'buyers.found', subjectId: row.id })
  return { buyerId: row.id }
}

export async function saveBuyer(tx: Db, { nameJa, nameEn, corporateNumber }: About, { viewer, requestId }: By): Promise<{ buyerId: string } | Refusal> {
  const { buyerId, personId } = viewer
  if (!buyerId) return { refused: 'not_found' }
  await tx.update(buyers).set({ nameJa, nameEn, corporateNumber }).where(eq(buyers.id, buyerId))
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'buyers.save', subjectId: buyerId })
  return { buyerId }
}

/** Takes a member off; the last one stays, or nobody could come back. */
export async function removeMember(tx: Db, memberId: string, { viewer, requestId }: By): Promise<{ buyerId: string } | Refusal> {
  const { buyerId, personId } = viewer
  if (!buyerId) return { refused: 'not_found' }
  const members = await tx.select({ personId: buyerMembers.personId }).from(buyerMembers).where(eq(buyerMembers.buyerId, buyerId)).for('update')
  if (!members.some(member => member.personId === memberId)) return { refused: 'not_found' }
  if (members.length === 1) return { refused: 'last_member' }
  await tx.delete(buyerMembers).where(eq(buyerMembers.personId, memberId))
  await record(tx, { personId, role: 'buyer', requestId }, { operation: 'buyers.remove_member', subjectId: buyerId })
  return { buyerId }
}

/** How a member hears from now on. Who had one mail a day and now wants them at once first gets what was waiting for the morning. */
export async function setAlerts(tx: Db, alerts: AlertMode, { viewer: { personId, buyerId }, now }: By, publicUrl: string): Promise<{ buyerId: string } | Refusal> {
  const [before] = await tx.select({ alerts: buyerMembers.alerts }).from(buyerMembers).where(eq(buyerMembers.personId, personId)).for('update')
  if (!before || !buyerId) return { refused: 'not_found' }
  if (before.alerts === alerts) return { buyerId }
  if (before.alerts === 'daily' && alerts === 'at_once') await mailWaiting(tx, { personId, now, publicUrl })
  await tx.update(buyerMembers).set({ alerts, alertsSince: now }).where(eq(buyerMembers.personId, personId))
  return { buyerId }
}

export async function buyerPage(db: Db, { buyerId, personId }: Viewer, now: Date): Promise<z.infer<typeof BuyerPage> | Refusal> {
  const [buyer] = await db.select().from(buyers).where(eq(buyers.id, buyerId ?? personId))
  if (!buyer) return { refused: 'not_found' }
  const members = await db.select({ id: people.id, name: people.name, email: people.email, alerts: buyerMembers.alerts, since: buyerMembers.since }).from(buyerMembers)
    .innerJoin(people, eq(people.id, buyerMembers.personId)).where(eq(buyerMembers.buyerId, buyer.id)).orderBy(asc(buyerMembers.since), asc(people.id))
  return {
    nameJa: buyer.nameJa, nameEn: buyer.nameEn, corporateNumber: buyer.corporateNumber, code: buyer.code, alerts: members.find(({ id }) => id === personId)?.alerts ?? 'at_once',
    members: members.map(member => ({ ...member, me: member.id === personId })), asked: await askedMembers(db, buyer.id, now),
  }
}
