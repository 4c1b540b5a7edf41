import type { z } from 'zod'
import { recommendations } from '../../schema/decisions.ts'
import type { RecommendationForm } from '../../schema/recommendation-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { perform } from '../applications/perform.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { record } from '../journal/record.ts'
import { land } from '../notebooks/land.ts'
import type { Change } from '../visits/plan.ts'

const actionFor = { certify: 'recommend', refuse: 'recommend_refusal' } as const

/** C5, ISO/IEC 17065 7.5: the assessor's recommendation ends the evaluation; row and step are one change. */
export async function recommend(tx: Db, { applicationId, viewer, body, now, requestId }: Change<z.infer<typeof RecommendationForm>>): Promise<{ recommendationId: string; stage: string } | Refusal> {
  const { outcome, summary, strengths, exclusions, version } = body
  let row: { id: string } | undefined
  const performed = await perform(tx, {
    applicationId, action: actionFor[outcome], viewer, version, requestId, now, given: { recommendation_written: true },
    async before(theCase) { // with the step Postgres seals the dossier, and this is part of it, as is what came home a moment ago
      [row] = await tx.insert(recommendations).values({ applicationId, outcome, summary, strengths, exclusions, writtenBy: viewer.personId, writtenAt: now }).returning({ id: recommendations.id })
      await land(tx, theCase, { now, requestId })
      return null
    },
  })
  if (isRefusal(performed)) return performed
  if (!row) throw new Error('the recommendation just written is not there')
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, {
    operation: 'recommendations.write', applicationId, employerId: performed.theCase.employerId, subjectId: row.id, after: { outcome },
  })
  return { recommendationId: row.id, stage: performed.stage }
}
