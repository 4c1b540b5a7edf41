import { and, desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { applications } from '../../schema/applications.ts'
import { certificates } from '../../schema/certificates.ts'
import type { DecisionPage, Decisions } from '../../schema/decision-shapes.ts'
import { decisions, recommendations } from '../../schema/decisions.ts'
import { employers } from '../../schema/employers.ts'
import { within, type Db } from '../adapters/database.ts'
import { isLastDecision } from '../appeals/last-decision.ts'
import { appealOf } from '../appeals/subject.ts'
import { headOf } from '../applications/case-as.ts'
import { findCase, type Case } from '../applications/case.ts'
import { factsOf } from '../applications/facts.ts'
import { certificateOf } from '../certificates/queries.ts'
import { addDays, japanDate } from '../domain/calendar.ts'
import { longestCondition } from '../domain/first-condition.ts'
import { mayDecide, type Part } from '../domain/independence.ts'
import { actionsFrom } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById } from '../standard/queries.ts'
import { untied } from '../ties/untied.ts'
import { recordBreach } from './decide.ts'
import { signaturesOf } from './signatures.ts'
import { dossierBefore } from './view.ts'

const head = {
  id: applications.id, employerNameJa: employers.nameJa, employerNameLatin: employers.nameLatin, stage: applications.stage, stageSince: applications.stageSince,
  dueAt: applications.dueAt, version: applications.version,
}

/** What waits for this decision maker, oldest due first, and what they decided. Cases in which they took part (C4), or of clients to whom they are tied (C3), are not among them. Two statements. */
export async function decisionsFor(db: Db, { personId, tiedTo }: Viewer, now: Date): Promise<z.infer<typeof Decisions>> {
  const recommendation = sql<'certify' | 'refuse' | null>`(select ${recommendations.outcome} from ${recommendations} where ${recommendations.applicationId} = ${applications.id}
    order by ${recommendations.writtenAt} desc limit 1)`
  const waiting = await db.select({ ...head, recommendation, signed: sql<boolean>`first_signer(${applications.id}) is not null` }).from(applications).innerJoin(employers, eq(employers.id, applications.employerId))
    .where(and(eq(applications.stage, 'awaiting_decision'), untied(applications.employerId, tiedTo), sql`cardinality(parts_taken(${applications.id}, ${personId}::uuid) || apart_after_appeal(${applications.id}, ${personId}::uuid)) = 0`)).orderBy(applications.dueAt, applications.id).limit(200)
  const past = await db.select({ ...head, outcome: decisions.outcome, decidedAt: decisions.decidedAt, number: certificates.number, state: certificates.state })
    .from(decisions).innerJoin(applications, eq(applications.id, decisions.applicationId)).innerJoin(employers, eq(employers.id, applications.employerId))
    .leftJoin(certificates, eq(certificates.applicationId, applications.id)).where(and(eq(decisions.decidedBy, personId), untied(applications.employerId, tiedTo))).orderBy(desc(decisions.decidedAt)).limit(50)
  const awaiting = waiting.map(({ recommendation, signed, ...row }) => ({ application: headOf(row, now), recommendation, signed }))
  return {
    awaiting, longestDays: Math.max(1, ...awaiting.map(({ application }) => application.ageDays)),
    decided: past.map(({ outcome, decidedAt, number, state, ...row }) =>
      ({ application: headOf(row, now), outcome, decidedAt, certificate: number ? { number, issued: state === 'issued' } : null })),
  }
}

/**
 * The page of one decision: the sealed file for the one who may decide, the outcome for everybody with a part in the case once there is one.
 * A decision maker who took part is refused, and the attempt is committed to the journal.
 */
export async function decisionPage(db: Db, id: string, { viewer, requestId, now }: { viewer: Viewer; requestId: string; now: Date }): Promise<z.infer<typeof DecisionPage> | Refusal> {
  return within(db, async tx => {
    const theCase = await findCase(tx, id, viewer, { deciding: true })
    if (isRefusal(theCase)) return theCase
    const outcome = await outcomeOf(tx, theCase, viewer, now)
    if (!theCase.held.includes('decision_maker')) return outcome ? pageOf(tx, theCase, now, outcome) : { refused: 'not_found' }
    const parts = await partsTaken(tx, id, viewer.personId)
    const apart = mayDecide(parts)
    if (!isRefusal(apart)) return pageOf(tx, theCase, now, outcome, viewer)
    await recordBreach(tx, theCase, { personId: viewer.personId, operation: 'decisions.open.refused', requestId, parts })
    return apart
  })
}

type Outcome = z.infer<typeof DecisionPage>['outcome']

async function pageOf(tx: Db, theCase: Case, now: Date, outcome: Outcome, decider?: Viewer): Promise<z.infer<typeof DecisionPage>> {
  const certificate = await certificateOf(tx, theCase.id)
  const staff = theCase.held.some(role => role !== 'applicant')
  const actions = decider ? actionsFrom(theCase.stage, theCase.held, { ...await factsOf(tx, theCase, decider.personId, now), reasons_given: true }) : []
  return {
    application: headOf(theCase, now), outcome: outcome && (staff ? outcome : { ...outcome, decidedBy: null }),
    certificate: certificate && { ...certificate, mayRetry: certificate.state === 'failed' && theCase.held.includes('operator') },
    signing: decider ? await signingFor(tx, theCase.id, decider.personId) : null,
    mayDecide: actions.some(({ action, missing }) => action === 'refuse' && missing.length === 0), longestCondition: longestCondition(japanDate(now)), missing: actions.find(({ action }) => action === 'certify')?.missing.filter(need => need !== 'second_signature') ?? [], // who signs first may
    dossier: decider ? await dossierBefore(tx, theCase, decider, now) : null,
  }
}

async function signingFor(tx: Db, applicationId: string, personId: string): Promise<z.infer<typeof DecisionPage>['signing']> {
  const { two, first } = await signaturesOf(tx, applicationId)
  return { two, first: first && { name: first.name, reasons: first.reasons, signedAt: new Date(first.signedAt) }, condition: first?.condition ?? { text: '', until: '' }, mine: first?.signedBy === personId, step: two && (!first || first.signedBy === personId) ? 'first' : 'none' }
}

async function partsTaken(tx: Db, applicationId: string, personId: string): Promise<Part[]> {
  const [row] = await tx.execute<{ parts: Part[] }>(sql`select parts_taken(${applicationId}::uuid, ${personId}::uuid) || case when x.stage = 'awaiting_decision' then apart_after_appeal(x.id, ${personId}::uuid) else '{}' end as parts from applications x where x.id = ${applicationId}`)
  return row?.parts ?? []
}

async function outcomeOf(tx: Db, { id, standardId, stage, held }: Case, { employerId }: Viewer, now: Date): Promise<Outcome> {
  const [row] = await tx.select({ id: decisions.id, outcome: decisions.outcome, reasons: decisions.reasons, decidedAt: decisions.decidedAt, decidedBy: people.name, dossierSha256: decisions.dossierSha256, condition: decisions.condition, conditionUntil: decisions.conditionUntil })
    .from(decisions).innerJoin(people, eq(people.id, decisions.decidedBy)).where(and(eq(decisions.applicationId, id), isLastDecision))
  if (!row) return null
  const { condition: text, conditionUntil: until, ...said } = row
  const { fileWithinDays } = (await standardById(tx, standardId)).content.grading.appeal
  return {
    ...said, condition: text && until ? { text, until } : null, appealUntil: row.outcome === 'refuse' ? addDays(japanDate(row.decidedAt), fileWithinDays) : null, setAside: stage === 'awaiting_decision',
    appeal: row.outcome === 'refuse' && held.includes('applicant') ? await appealOf(tx, 'decision', row.id, { employerId, now }) : null,
  }
}
