import { and, eq, isNull } from 'drizzle-orm'
import { people } from '../../schema/accounts.ts'
import { buyers } from '../../schema/buyers.ts'
import { grants } from '../../schema/grants.ts'
import type { Db } from '../adapters/database.ts'
import { domainOf } from '../buyers/domain-of.ts'
import type { Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'

type By = { personId: string; employerId: string; requestId: string; now: Date }

export async function buyerByCode(db: Db, code: string): Promise<{ id: string; nameJa: string; nameEn: string; domain: string } | null> {
  const [buyer] = await db.select({ id: buyers.id, nameJa: buyers.nameJa, nameEn: buyers.nameEn, domain: domainOf }).from(buyers).innerJoin(people, eq(people.id, buyers.createdBy)).where(eq(buyers.code, code))
  return buyer ?? null
}

export async function isGranted(db: Db, employerId: string, buyerId: string): Promise<boolean> {
  return await db.$count(grants, and(eq(grants.employerId, employerId), eq(grants.buyerId, buyerId), isNull(grants.withdrawnAt))) > 0
}

/** The employer lets this buyer read the summary of its audits from now on. */
export async function grant(tx: Db, code: string, { personId, employerId, requestId, now }: By): Promise<{ id: string } | Refusal> {
  const buyer = await buyerByCode(tx, code)
  if (!buyer) return { refused: 'buyer_code_unknown' }
  const [granted] = await tx.insert(grants).values({ employerId, buyerId: buyer.id, grantedBy: personId, grantedAt: now }).onConflictDoNothing().returning({ id: grants.id })
  if (!granted) return { refused: 'already_exists' }
  await record(tx, { personId, role: 'applicant', requestId }, { operation: 'grants.grant', employerId, subjectId: granted.id })
  return granted
}

/** Withdrawn, the summary is gone for the buyer at its next request. The history stays with the employer. */
export async function withdraw(tx: Db, id: string, { personId, employerId, requestId, now }: By): Promise<{ id: string } | Refusal> {
  const [withdrawn] = await tx.update(grants).set({ withdrawnAt: now, withdrawnBy: personId }).where(and(eq(grants.id, id), eq(grants.employerId, employerId), isNull(grants.withdrawnAt))).returning({ id: grants.id })
  if (!withdrawn) return { refused: 'not_found' }
  await record(tx, { personId, role: 'applicant', requestId }, { operation: 'grants.withdraw', employerId, subjectId: id })
  return withdrawn
}
