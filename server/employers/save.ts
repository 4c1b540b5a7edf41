import { and, eq, isNotNull } from 'drizzle-orm'
import type { Company } from '../../schema/employer-shapes.ts'
import { memberships, people } from '../../schema/accounts.ts'
import { applications } from '../../schema/applications.ts'
import { employers } from '../../schema/employers.ts'
import { newId } from '../../schema/shared.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'

export type Writer = { personId: string; requestId: string }

/** Keeps what the company says of itself. Who belongs to no company yet gets one, with the first save. */
export async function saveCompany(tx: Db, { personId, requestId }: Writer, company: Company, version: number): Promise<{ employerId: string; version: number } | Refusal> {
  const employerId = await ownEmployer(tx, personId, { lock: true })
  const [before] = employerId ? await tx.select().from(employers).where(eq(employers.id, employerId)).for('update') : []
  if (before && before.version !== version) return { refused: 'stale' }
  if (before && before.corporateNumber !== company.corporateNumber && await hasSubmitted(tx, before.id)) return { refused: 'corporate_number_kept' }
  const saved = { employerId: before?.id ?? newId(), version: version + 1 }
  try {
    await within(tx, savepoint => write(savepoint, saved, company, before ? null : personId))
  } catch (error) {
    if (violatedConstraint(error) === 'corporate_number_belongs_to_one_employer') return { refused: 'corporate_number_taken' }
    throw error
  }
  await record(tx, { personId, role: 'applicant', requestId }, { operation: 'employers.save', employerId: saved.employerId, before: before ?? null, after: company })
  return saved
}

// C3: ties are told by this number. Whoever has applied under it cannot shake one off, or take another's on, by giving a new one.
const hasSubmitted = async (tx: Db, employerId: string) => await tx.$count(applications, and(eq(applications.employerId, employerId), isNotNull(applications.submittedAt))) > 0

/** The employer for whom a person acts, or null. `lock` keeps the person to one save at a time. */
export async function ownEmployer(tx: Db, personId: string, { lock = false } = {}): Promise<string | null> {
  if (lock) await tx.select({ id: people.id }).from(people).where(eq(people.id, personId)).for('update')
  const [membership] = await tx.select({ employerId: memberships.employerId }).from(memberships).where(eq(memberships.personId, personId))
  return membership?.employerId ?? null
}

async function write(tx: Db, { employerId, version }: { employerId: string; version: number }, company: Company, founder: string | null) {
  if (!founder) return tx.update(employers).set({ ...company, version }).where(eq(employers.id, employerId))
  await tx.insert(employers).values({ ...company, id: employerId, version })
  return tx.insert(memberships).values({ personId: founder, employerId })
}
