import { and, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { applications } from '../../schema/applications.ts'
import { assignments } from '../../schema/assessments.ts'
import { certificates } from '../../schema/certificates.ts'
import type { SurveillanceForm } from '../../schema/surveillance-shapes.ts'
import { surveillanceVisits } from '../../schema/surveillance.ts'
import { newId } from '../../schema/shared.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { findCaseAs } from '../applications/case-as.ts'
import { candidatesFor } from '../assignments/candidates.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { mayPlan } from '../domain/surveillance.ts'
import { writeOnce } from '../http/once.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { standardInForce } from '../standard/queries.ts'
import { mailPlanned } from './mail.ts'
import { datesOf, watched, type Watched } from './queries.ts'

type Planning = { certificateId: string; form: z.infer<typeof SurveillanceForm>; viewer: Viewer; requestId: string; now: Date }

// What Postgres keeps apart (C3, C4, C8), in our words.
const refusedBy: Record<string, Refusal> = {
  assessor_is_no_client: { refused: 'has_interest' }, assessor_is_no_sponsor: { refused: 'has_interest' }, assessor_gave_no_advice: { refused: 'has_interest' }, assignee_has_no_tie: { refused: 'has_interest' }, assigner_has_no_tie: { refused: 'not_found' },
  surveillance_planner_has_no_tie: { refused: 'not_found' }, assignee_was_not_objected_to: { refused: 'was_objected_to' }, decider_took_no_part: { refused: 'not_independent' }, scorer_joins_no_case: { refused: 'not_independent' }, assessor_decided_nothing: { refused: 'not_independent' }, one_open_surveillance_per_kind: { refused: 'already_exists' },
}

/** The secretariat plans a surveillance. Whoever goes is assigned to the case; a refused breach of independence stays on record (C4). */
export async function planSurveillance(db: Db, planning: Planning): Promise<{ visitId: string } | Refusal> {
  const { viewer: { personId }, form } = planning
  try {
    return await writeOnce(db, { once: form.once, personId }, tx => plan(tx, planning))
  } catch (error) {
    const refusal = refusedBy[violatedConstraint(error)]
    if (!refusal) throw error
    await within(db, tx => recordRefused(tx, planning, refusal))
    return refusal
  }
}

/** C4, C21: told as every refused assignment is, so that the committee reads whose case it was and who was to go; never on which day. */
async function recordRefused(tx: Db, { certificateId, form: { personId }, viewer, requestId }: Planning, refusal: Refusal) {
  const [about] = await tx.select({ applicationId: certificates.applicationId, employerId: applications.employerId }).from(certificates).innerJoin(applications, eq(applications.id, certificates.applicationId)).where(eq(certificates.id, certificateId))
  await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'surveillance.plan.refused', ...about, subjectId: personId, after: { ...refusal, certificateId } })
}

async function plan(tx: Db, { certificateId, form: { kind, plannedOn, personId, team, justification }, viewer, requestId, now }: Planning): Promise<{ visitId: string } | Refusal> {
  await tx.select({ id: certificates.id }).from(certificates).where(eq(certificates.id, certificateId)).for('update')
  const [row] = await watched(tx, viewer, sql`c.id = ${certificateId}`)
  if (!row) return { refused: 'not_found' }
  const theCase = await findCaseAs(tx, row.applicationId, viewer, 'operator', { lock: true })
  if (isRefusal(theCase)) return theCase
  const clock = (await standardInForce(tx, viewer.today)).content.grading.surveillance
  const refused = mayPlan({ kind, on: plannedOn, today: viewer.today, ...datesOf(row, clock, viewer.today), least: clock.unannouncedPerCycleMin, unannounced: unannouncedIn(row) })
  if (refused) return refused
  const [person] = await tx.select({ staffRoles: people.staffRoles }).from(people).where(eq(people.id, personId))
  if (!person?.staffRoles.includes('assessor')) return { refused: 'invalid' }
  const [{ judged } = {}] = await candidatesFor(tx, theCase, now, personId)
  if (!judged) return { refused: 'invalid' }
  if (judged.gaps.length > 0 && !judged.excluded && justification === '') return { refused: 'needs', missing: ['gaps_justified'] } // C20
  const assignmentId = await assigned(tx, { applicationId: row.applicationId, personId, assignedBy: viewer.personId, now })
  const visitId = newId()
  await tx.insert(surveillanceVisits).values({ id: visitId, certificateId, kind, plannedOn, assignmentId, team, plannedBy: viewer.personId, plannedAt: now })
  await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'surveillance.plan', applicationId: row.applicationId, employerId: row.employerId, subjectId: visitId, after: { kind, plannedOn, assessor: personId, ...(judged.gaps.length > 0 ? { gaps: judged.gaps, justification } : {}) } })
  await mailPlanned(tx, row, { visitId, kind, plannedOn, personId })
  return { visitId }
}

const unannouncedIn = ({ visits }: Watched) => visits.filter(({ kind, outcome }) => kind === 'unannounced' && outcome !== 'called_off').length

// Whoever is on the case already stays so; anybody else joins it, and what Postgres promises about assessors looks at them now.
async function assigned(tx: Db, { applicationId, personId, assignedBy, now }: { applicationId: string; personId: string; assignedBy: string; now: Date }): Promise<string> {
  const [own] = await tx.select({ id: assignments.id }).from(assignments).where(and(eq(assignments.applicationId, applicationId), eq(assignments.personId, personId), eq(assignments.part, 'assessor'), isNull(assignments.endedAt)))
  if (own) return own.id
  const id = newId()
  await tx.insert(assignments).values({ id, applicationId, personId, part: 'assessor', assignedBy, assignedAt: now })
  return id
}
