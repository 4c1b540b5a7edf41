import { desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { recommendations } from '../../schema/decisions.ts'
import type { RecommendationPage } from '../../schema/recommendation-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import { blocking } from '../domain/grading.ts'
import { isClosedFinding } from '../domain/findings.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { lineOf } from '../findings/line.ts'
import { findingsOf } from '../findings/queries.ts'
import type { Viewer } from '../http/viewer.ts'
import { onTheWay } from '../notebooks/on-the-way.ts'
import { standardById } from '../standard/queries.ts'
import { visitOf, voiceOf } from '../visits/queries.ts'

/** The recommendation of a case, or null: outcome, summary, strengths, what was not seen, by whom. */
export async function recommendationOf(db: Db, applicationId: string) {
  const [row] = await db.select({
    outcome: recommendations.outcome, summary: recommendations.summary, strengths: recommendations.strengths, exclusions: recommendations.exclusions,
    writtenBy: people.name, writtenAt: recommendations.writtenAt,
  }).from(recommendations).innerJoin(people, eq(people.id, recommendations.writtenBy)).where(eq(recommendations.applicationId, applicationId)).orderBy(desc(recommendations.writtenAt))
  return row ?? null
}

/** For the assessor of the case: the gates beforehand, and the recommendation once it is written. */
export async function recommendationPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<z.infer<typeof RecommendationPage> | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'assessor')
  if (isRefusal(theCase)) return theCase
  const { content: { criteria, grading } } = await standardById(db, theCase.standardId)
  const findings = await findingsOf(db, id)
  const fees = (await visitOf(db, id))?.fees ?? null
  return {
    head: headOf(theCase, now), mayWrite: theCase.stage === 'correcting', voice: await voiceOf(db, theCase),
    fees: { answer: fees, passed: fees === 'no_fees' || fees === 'disclosed_with_plan' }, // decisions.md 2
    blocks: blocking(findings, grading.decisionRule).map(({ block, findings: ids }) => ({ block, findings: findings.filter(one => ids.includes(one.id)).map(one => lineOf(one, criteria, now)) })),
    open: findings.filter(({ open }) => open).length, closed: findings.filter(({ state }) => isClosedFinding(state)).length,
    written: await recommendationOf(db, id), onTheWay: await onTheWay(db, id),
  }
}
