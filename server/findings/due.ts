import { eq } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { dueFor } from '../domain/deadlines.ts'
import { findingsOf } from './queries.ts'

/** While a case is in correction its due date is what the employer owes first; every answer and every review moves it. */
export async function setNextDue(tx: Db, { id, stage, stageSince }: Pick<Case, 'id' | 'stage' | 'stageSince'>): Promise<void> {
  if (stage !== 'correcting') return
  const findingDues = (await findingsOf(tx, id)).flatMap(({ employerDue }) => employerDue ?? [])
  await tx.update(applications).set({ dueAt: dueFor(stage, stageSince, { findingDues }) }).where(eq(applications.id, id))
}
