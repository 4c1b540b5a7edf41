import { eq } from 'drizzle-orm'
import { findings } from '../../schema/findings.ts'
import type { Db } from '../adapters/database.ts'
import { findCase, type Case } from '../applications/case.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { everyFindingOf, type Finding } from './queries.ts'

/** A finding with its case as this viewer may see it; an assessor who has not declared interests sees neither (C3). */
export async function findFinding(db: Db, findingId: string, viewer: Viewer, { lock = false } = {}): Promise<{ theCase: Case; finding: Finding; all: Finding[] } | Refusal> {
  const [row] = await db.select({ applicationId: findings.applicationId }).from(findings).where(eq(findings.id, findingId))
  if (!row) return { refused: 'not_found' }
  const theCase = await findCase(db, row.applicationId, viewer, { lock })
  if (isRefusal(theCase)) return theCase
  const all = await everyFindingOf(db, row.applicationId)
  const finding = all.find(({ id }) => id === findingId)
  return finding ? { theCase, finding, all } : { refused: 'not_found' }
}
