import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { readersOf } from '../domain/case-edition.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { CaseRole } from '../domain/roles.ts'
import type { Edition } from './report.ts'

/** Whose report it is: to the employer there is none before the decision, for those inside from the sealing on. */
export async function editionFor(db: Db, theCase: Case): Promise<{ edition: Edition; role: CaseRole } | Refusal> {
  const [role] = readersOf(theCase)
  if (!role) return { refused: 'interests_not_declared' }
  if (role !== 'applicant') return { edition: 'inside', role }
  const decided = await db.execute(sql`select 1 from decisions where application_id = ${theCase.id} limit 1`)
  return decided.length > 0 ? { edition: 'client', role } : { refused: 'not_found' }
}
