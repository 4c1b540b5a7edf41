import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { applications, type Scope } from '../../schema/applications.ts'
import type { PlanForm } from '../../schema/visit-shapes.ts'
import { visits } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import { agreedDaysOf, unavailableDaysOf } from '../appointments/queries.ts'
import { findCaseAs } from '../applications/case-as.ts'
import type { Case } from '../applications/case.ts'
import { factsOf } from '../applications/facts.ts'
import { perform } from '../applications/perform.ts'
import { japanDate } from '../domain/calendar.ts'
import { dueFor } from '../domain/deadlines.ts'
import { step } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { planFaultsOf } from '../domain/visit-plan.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { standardById } from '../standard/queries.ts'
import { calculate } from './calculation.ts'
import { mailDays } from './mail.ts'
import { visitOf, type Visit } from './queries.ts'

export type Change<Body> = { applicationId: string; viewer: Viewer; body: Body; now: Date; requestId: string }
type Plan = Pick<Visit, 'startsOn' | 'endsOn' | 'siteIds' | 'team' | 'personDays' | 'interviewsPlanned' | 'justification' | 'calculation' | 'announced'>

/** C7: keeps the plan. The first one takes the case to the visit; a later one, before the day is on record, moves the dates. */
export async function planVisit(tx: Db, change: Change<z.infer<typeof PlanForm>>): Promise<{ visitId: string; stage: string } | Refusal> {
  const { applicationId, viewer, body, now } = change
  const theCase = await findCaseAs(tx, applicationId, viewer, 'assessor', { lock: true })
  if (isRefusal(theCase)) return theCase
  if (theCase.version !== body.version) return { refused: 'stale' }
  const known = await visitOf(tx, applicationId, { lock: true })
  if (!theCase.scope || !['desk_review', 'visit_planned'].includes(theCase.stage) || known?.recordedAt) return { refused: 'closed_for_changes' }
  const plan = await planFrom(tx, { ...theCase, scope: theCase.scope }, body, { today: japanDate(now), known })
  if (isRefusal(plan)) return plan
  if (!plan.announced && !known?.begunAt) return planInSecret(tx, change, theCase, known, plan)
  return theCase.stage === 'visit_planned' && known ? replan(tx, change, theCase, known, plan) : firstPlan(tx, change, theCase, known, plan)
}

type Around = { today: string; known: Visit | null }

async function planFrom(tx: Db, theCase: Case & { scope: Scope }, body: z.infer<typeof PlanForm>, { today, known }: Around): Promise<Plan | Refusal> {
  const { startsOn, endsOn, siteIds, team, justification, interpreterLanguages } = body
  const standard = await standardById(tx, theCase.standardId)
  const calculation = calculate(theCase.scope, standard, { siteIds, interpreterLanguages, nightShift: body.nightShift === 'yes', cycle: theCase.cycle })
  const reckoned = { personDays: calculation.effort.onSiteDays, interviews: calculation.sample.total }
  const personDays = body.personDays ?? reckoned.personDays
  const interviewsPlanned = body.interviewsPlanned ?? reckoned.interviews
  const announced = known?.begunAt ? false : body.announcement === 'announced'
  const said = { unavailable: await unavailableDaysOf(tx, theCase.id), agreed: await agreedDaysOf(tx, theCase.id), announced: known?.announced ?? false, before: known ?? null }
  const missing = planFaultsOf({ startsOn, endsOn, siteIds, personDays, interviews: interviewsPlanned, justification, announced }, reckoned, theCase.scope.sites, today, said)
  return missing.length > 0 ? { refused: 'needs', missing } : { startsOn, endsOn, siteIds, team, personDays, interviewsPlanned, justification, calculation, announced }
}

async function firstPlan(tx: Db, { applicationId, viewer, body, now, requestId }: Change<z.infer<typeof PlanForm>>, theCase: Case, known: Visit | null, plan: Plan) {
  let visitId = ''
  const performed = await perform(tx, {
    applicationId, action: 'plan_visit', viewer, version: body.version, requestId, now, given: { visit_planned: true }, circumstances: { visitEndsOn: plan.endsOn },
    before: async () => { visitId = await keep(tx, theCase.id, known, plan, { viewer, now }); return null },
  })
  if (isRefusal(performed)) return performed
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'visits.plan', applicationId, employerId: theCase.employerId, subjectId: visitId, after: plan })
  await mailDays(tx, theCase, { visitId, edition: (known?.version ?? 0) + 1, before: known, plan })
  return { visitId, stage: performed.stage }
}

async function replan(tx: Db, { applicationId, viewer, now, requestId }: Change<unknown>, theCase: Case, known: Visit, plan: Plan) {
  await keep(tx, applicationId, known, plan, { viewer, now })
  const dueAt = dueFor(theCase.stage, theCase.stageSince, { visitEndsOn: plan.endsOn })
  await tx.update(applications).set({ dueAt, version: theCase.version + 1 }).where(eq(applications.id, applicationId))
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, {
    operation: 'visits.plan_again', applicationId, employerId: theCase.employerId, subjectId: known.id, before: planOf(known), after: plan,
  })
  await mailDays(tx, theCase, { visitId: known.id, edition: known.version + 1, before: known, plan })
  return { visitId: known.id, stage: theCase.stage }
}

/** Writes the plan and nothing else: no stage, no date and no version of the case moves, and no line about it bears the employer's name. */
async function planInSecret(tx: Db, { applicationId, viewer, now, requestId }: Change<unknown>, theCase: Case, known: Visit | null, plan: Plan): Promise<{ visitId: string; stage: string } | Refusal> {
  const possible = step(theCase.stage, 'plan_visit', theCase.held, { ...await factsOf(tx, theCase, viewer.personId, now), visit_planned: true })
  if (isRefusal(possible)) return possible
  const visitId = await keep(tx, applicationId, known, plan, { viewer, now })
  await record(tx, { personId: viewer.personId, role: 'assessor', requestId }, { operation: 'visits.plan_in_secret', applicationId, subjectId: visitId, ...(known ? { before: planOf(known) } : {}), after: plan })
  return { visitId, stage: theCase.stage }
}

async function keep(tx: Db, applicationId: string, known: Visit | null, plan: Plan, { viewer, now }: { viewer: Viewer; now: Date }): Promise<string> {
  const by = { plannedBy: viewer.personId, plannedAt: now }
  if (known) await tx.update(visits).set({ ...plan, ...by, version: known.version + 1 }).where(eq(visits.id, known.id))
  const [row] = known ? [known] : await tx.insert(visits).values({ ...plan, ...by, applicationId }).returning({ id: visits.id })
  if (!row) throw new Error('the visit just planned is not there')
  return row.id
}

const planOf = ({ startsOn, endsOn, siteIds, team, personDays, interviewsPlanned, justification, calculation, announced }: Visit): Plan =>
  ({ startsOn, endsOn, siteIds, team, personDays, interviewsPlanned, justification, calculation, announced })
