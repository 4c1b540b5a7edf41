import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { SurveillancePage } from '../../schema/surveillance-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { candidatesFor } from '../assignments/candidates.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardInForce } from '../standard/queries.ts'
import { datesOf, watched } from './queries.ts'

/** One certificate between two decisions: for the secretariat to plan, for who goes there to record. To everybody else it is not there. */
export async function surveillancePage(db: Db, certificateId: string, viewer: Viewer, now: Date): Promise<z.infer<typeof SurveillancePage> | Refusal> {
  const [row] = await watched(db, viewer, sql`c.id = ${certificateId}`)
  const as = viewer.roles.includes('operator') ? 'operator' as const : 'assessor' as const
  if (!row || (as === 'assessor' && !row.visits.some(({ mine }) => mine))) return { refused: 'not_found' }
  const theCase = await findCaseAs(db, row.applicationId, viewer, as, { undeclared: true })
  if (isRefusal(theCase)) return theCase
  const { grading: { surveillance }, auditEffort } = (await standardInForce(db, viewer.today)).content
  const candidates = as === 'operator' ? (await candidatesFor(db, theCase, now)).filter(({ judged }) => !judged.excluded) : null
  return {
    ...row, ...datesOf(row, surveillance, viewer.today), as, personDays: row.personDays && Math.round(row.personDays * auditEffort.surveillanceFactor * 100) / 100,
    visits: as === 'operator' ? row.visits : row.visits.filter(({ mine, outcome }) => mine || outcome === 'held'),
    candidates: candidates?.map(({ candidate: { personId, name }, judged }) => ({ personId, name, gaps: judged.gaps.length > 0 })) ?? null,
  }
}
