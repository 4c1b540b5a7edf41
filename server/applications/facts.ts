import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import { findingsOf } from '../findings/queries.ts'
import { answerState, isAnswered, type AnswerValue } from '../domain/answering.ts'
import { debtIsRaised, feeGate, type FeeAnswer } from '../domain/fees.ts'
import { blocking } from '../domain/grading.ts'
import { mayDecide, type Part } from '../domain/independence.ts'
import type { Facts } from '../domain/lifecycle.ts'
import { interviewsHeld, voiceGate } from '../domain/voice.ts'
import { unsignedAgreements } from '../agreements/queries.ts'
import { missingFromProfile } from '../employers/queries.ts'
import type { Case } from './case.ts'
import { standardById } from '../standard/queries.ts'
import { criteriaFor } from './criteria.ts'

/** Every fact that the lifecycle asks for, read in the caller's transaction so that it holds until the write. */
export async function factsOf(tx: Db, theCase: Case, personId: string, now: Date): Promise<Facts> {
  const criteria = await criteriaFor(tx, theCase, now)
  const counted = await tally(tx, theCase, personId)
  const findings = await findingsOf(tx, theCase.id)
  const { decisionRule } = (await standardById(tx, theCase.standardId)).content.grading
  const answered = new Map(counted.answers.map(answer => [answer.criterion, answer]))
  const rated = new Map(counted.ratings.map(({ criterion, rating }) => [criterion, rating]))
  const states = criteria.map(({ id, needsDocument }) => answerState(answered.get(id), { needsDocument, attached: counted.attached.includes(id) }))
  const foreignWorkers = theCase.scope?.foreignWorkers ?? 0
  const voice = { foreignWorkers, surveyAnswers: 0, ...counted.voice }
  return {
    profile_complete: (await missingFromProfile(tx, theCase.employerId)).length === 0,
    agreements_signed: (await unsignedAgreements(tx, theCase.employerId)).length === 0,
    answers_complete: states.every(isAnswered),
    evidence_complete: !states.includes('needs_document'),
    reasons_given: false, // comes with the request
    appeal_upheld: false, // comes with the decision of an appeal (server/appeals/undo.ts)
    interests_declared: theCase.declared,
    questions_asked: counted.questionsDrafted > 0,
    questions_answered: counted.questionsOpen === 0,
    criteria_rated: criteria.every(({ id }) => rated.has(id)),
    visit_planned: counted.visitPlanned,
    visit_recorded: counted.visitRecorded,
    interviews_held: counted.visitPlanned && interviewsHeld(voice),
    findings_raised: [...rated].every(([criterion, rating]) => !['minor', 'major', 'zero_tolerance'].includes(rating) || findings.some(finding => finding.criterion === criterion && finding.grade === rating)),
    no_blocking_findings: blocking(findings, decisionRule).length === 0,
    recommendation_written: counted.recommended,
    independent_decider: 'independent' in mayDecide(counted.parts),
    dossier_sealed: counted.sealed,
    evaluators_declared: counted.undeclared === 0,
    second_signature: counted.signed,
    voice_gate: voiceGate(voice),
    fee_debt_raised: debtIsRaised(counted.fees, findings),
    fee_gate: feeGate(counted.fees, findings),
  }
}

type Tally = {
  answers: { criterion: string; answer: AnswerValue | null; reason: string }[]; ratings: { criterion: string; rating: string }[]; attached: string[]; questionsDrafted: number; questionsOpen: number
  visitPlanned: boolean; visitRecorded: boolean; fees: FeeAnswer | null; recommended: boolean; parts: Part[]; sealed: boolean; undeclared: number; signed: boolean
  voice: { workersInvited: number; workersAgreed: number; interviewedAlone: number; interviewedInGroups: number; sample: number }
}

/** One statement, one moment. */
async function tally(tx: Db, { id: applicationId, stage }: Case, personId: string): Promise<Tally> {
  const [row] = await tx.execute<{ tally: Tally }>(sql`
    select json_build_object(
      'answers', (select coalesce(json_agg(json_build_object('criterion', criterion, 'answer', answer, 'reason', reason)), '[]') from answers where application_id = ${applicationId}),
      'ratings', (select coalesce(json_agg(json_build_object('criterion', criterion, 'rating', rating)), '[]') from ratings where application_id = ${applicationId}),
      'attached', (select coalesce(json_agg(distinct criterion), '[]') from document_criteria where application_id = ${applicationId}),
      'questionsDrafted', (select count(*) from clarifications where application_id = ${applicationId} and sent_at is null),
      'questionsOpen', (select count(*) from clarifications where application_id = ${applicationId} and sent_at is not null and closed_at is null and reply = ''),
      'visitPlanned', (select count(*) > 0 from visits where application_id = ${applicationId}),
      'visitRecorded', (select coalesce(bool_or(recorded_at is not null), false) from visits where application_id = ${applicationId}),
      'fees', (select fees from visits where application_id = ${applicationId}),
      'recommended', (select count(*) > 0 from recommendations where application_id = ${applicationId}),
      'parts', to_json(parts_taken(${applicationId}::uuid, ${personId}::uuid) || apart_after_appeal(${applicationId}::uuid, ${personId}::uuid)),
      ${stage === 'awaiting_decision' ? deciding(applicationId, personId) : sql`'sealed', false, 'undeclared', 0, 'signed', false`},
      'voice', (select json_build_object(
        'workersInvited', coalesce(max(v.workers_invited), 0), 'workersAgreed', coalesce(max(v.workers_agreed), 0), 'sample', coalesce(max(v.interviews_planned), 0),
        'interviewedAlone', (select coalesce(sum(people), 0) from interviews where application_id = ${applicationId} and form = 'single'),
        'interviewedInGroups', (select coalesce(sum(people), 0) from interviews where application_id = ${applicationId} and form = 'group'))
        from visits v where v.application_id = ${applicationId})) as tally`)
  if (!row) throw new Error('the tally came back empty')
  return row.tally
}

// Every row of the dossier is hashed again for this: asked only where a decision is due.
const deciding = (applicationId: string, personId: string) => sql`
      'sealed', exists (select from dossiers where application_id = ${applicationId}) and not exists (select from dossier_differences(${applicationId}::uuid) where change <> 'added'),
      'undeclared', (select count(*) from undeclared_evaluators(${applicationId}::uuid)),
      'signed', not two_must_sign(${applicationId}::uuid) or coalesce(first_signer(${applicationId}::uuid) <> ${personId}::uuid, false)`
