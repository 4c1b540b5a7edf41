import { decisions } from '../../schema/decisions.ts'
import { decisionSignatures } from '../../schema/dossiers.ts'
import type { DecisionForm } from '../../schema/decision-shapes.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { findCase, type Case } from '../applications/case.ts'
import { perform } from '../applications/perform.ts'
import { printable } from '../certificates/printable.ts'
import { reserveCertificate } from '../certificates/reserve.ts'
import { draftStatement, type Draft } from '../certificates/statement.ts'
import { japanDate } from '../domain/calendar.ts'
import { mayCertifyUnder, type Condition } from '../domain/first-condition.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { writeOnce } from '../http/once.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'
import { sealedDossier } from './dossier.ts'
import { mailDecision } from './mail.ts'
import { signaturesOf } from './signatures.ts'

export type Decided = { decisionId: string | null; outcome: 'certify' | 'refuse' | 'signed'; certificateNumber: string | null }
type Decide = { applicationId: string; viewer: Viewer; form: DecisionForm; requestId: string }
type Drawn = { draft: Draft; unprintable: Refusal | null } | null

/**
 * The independent decision on a sealed file (ISO/IEC 17065 7.6). One transaction: decision, stage, reserved certificate, mails, journal.
 * Where two must sign for a certificate, the first to say so signs and the second decides. Of two deciders one wins, the other hears already_decided; who took part is refused, and the attempt stays on record (C4).
 */
export async function decide(world: World, decision: Decide): Promise<Decided | Refusal> {
  const at = world.now() // one moment for all of it, also at midnight
  return decideAt({ ...world, now: () => at }, decision)
}

async function decideAt(world: World, { applicationId, viewer, form, requestId }: Decide): Promise<Decided | Refusal> {
  const { db } = world.database
  const drawn = form.outcome === 'certify' ? await drawnBefore(world, applicationId, viewer) : null
  return writeOnce<Decided>(db, { once: form.once, personId: viewer.personId }, tx => decideWithin(tx, world, { applicationId, viewer, form, requestId }, drawn))
}

// Fonts are searched before the row is locked; what the certificate says cannot change any more at this stage.
async function drawnBefore(world: World, applicationId: string, viewer: Viewer): Promise<Drawn> {
  const theCase = await findCase(world.database.db, applicationId, viewer, { deciding: true })
  if (isRefusal(theCase) || theCase.stage !== 'awaiting_decision') return null
  const draft = await draftStatement(world.database.db, theCase, world)
  return { draft, unprintable: await printable(draft) }
}

async function decideWithin(tx: Db, world: World, { applicationId, viewer, form, requestId }: Decide, drawn: Drawn): Promise<Decided | Refusal> {
  const theCase = await findCase(tx, applicationId, viewer, { lock: true, deciding: true })
  if (isRefusal(theCase)) return theCase
  if (theCase.stage === 'certified' || theCase.stage === 'refused') return { refused: 'already_decided' }
  const now = world.now()
  let decisionId = ''
  const performed = await perform(tx, {
    applicationId, action: form.outcome, viewer, version: form.version, requestId, now, given: { reasons_given: true },
    async before() {
      if (drawn?.unprintable) return drawn.unprintable
      const unfit = await unfitCondition(tx, theCase, { viewer, form, requestId, now })
      if (unfit) return unfit
      const kept = await keepDecision(tx, theCase, { viewer, form, requestId, now })
      if (isRefusal(kept)) return kept
      decisionId = kept.id
      return null
    },
  })
  if (isRefusal(performed)) return isFirstToSign(performed) ? sign(tx, theCase, drawn, { viewer, form, requestId, now }) : performed
  if (form.outcome === 'certify' && !drawn) throw new Error('certified without a statement')
  const certificate = drawn ? await reserveCertificate(tx, theCase, drawn.draft, { publicUrl: world.publicUrl, now }) : null
  await mailDecision(tx, theCase, { outcome: form.outcome, reasons: form.reasons, number: certificate?.number ?? null, condition: conditionIn(form) })
  return { decisionId, outcome: form.outcome, certificateNumber: certificate?.number ?? null }
}

type Keep = { viewer: Viewer; form: DecisionForm; requestId: string; now: Date }

const conditionIn = ({ outcome, condition, conditionUntil }: DecisionForm): Condition | null =>
  outcome === 'certify' && condition && conditionUntil ? { text: condition, until: conditionUntil } : null
const asColumns = (condition: Condition | null) => ({ condition: condition?.text ?? null, conditionUntil: condition?.until ?? null })

async function unfitCondition(tx: Db, { id }: Case, { viewer, form, now }: Keep): Promise<Refusal | null> {
  if (form.outcome === 'refuse') return null
  const { two, first } = await signaturesOf(tx, id)
  return mayCertifyUnder(conditionIn(form), two && first && first.signedBy !== viewer.personId ? first.condition : null, japanDate(now))
}

/** The decision row, bound to the very file that was decided on. The database has the last word on independence. */
async function keepDecision(tx: Db, theCase: Case, { viewer: { personId }, form, requestId, now }: Keep): Promise<{ id: string } | Refusal> {
  const { outcome, reasons, dossierSha256 } = form, condition = conditionIn(form)
  const sha256 = (await sealedDossier(tx, theCase.id))?.sha256
  if (!sha256) return { refused: 'needs', missing: ['dossier_sealed'] }
  if (dossierSha256 !== sha256) return { refused: 'stale' }
  try {
    const [row] = await within(tx, savepoint =>
      savepoint.insert(decisions).values({ applicationId: theCase.id, outcome, reasons, dossierSha256: sha256, ...asColumns(condition), decidedBy: personId, decidedAt: now }).returning({ id: decisions.id }))
    if (!row) throw new Error('the decision just kept is not there')
    await record(tx, { personId, role: 'decision_maker', requestId }, {
      operation: 'decisions.decide', applicationId: theCase.id, employerId: theCase.employerId, subjectId: row.id, after: { outcome, dossierSha256: sha256, ...(condition && { conditionUntil: condition.until }) },
    })
    return row
  } catch (error) {
    if (violatedConstraint(error) === 'who_evaluated_has_declared') return { refused: 'needs', missing: ['interests_declared'] }
    if (!['decider_took_no_part', 'decider_has_no_tie'].includes(violatedConstraint(error))) throw error
    // somebody's part or tie came to light between our own check and the insert
    await recordBreach(tx, theCase, { personId, operation: `applications.${outcome}.refused`, requestId })
    return { refused: 'not_independent' }
  }
}

const isFirstToSign = ({ refused, missing }: Refusal) => refused === 'needs' && missing?.length === 1 && missing[0] === 'second_signature'

/** domain.md, decision rule: two persons sign a first certificate. The first signature decides nothing yet; whoever signed already waits for another. */
async function sign(tx: Db, theCase: Case, drawn: Drawn, keep: Keep): Promise<Decided | Refusal> {
  const { viewer: { personId }, form, requestId, now } = keep, { reasons, dossierSha256 } = form
  const unfit = drawn?.unprintable ?? await unfitCondition(tx, theCase, keep)
  if (unfit) return unfit
  const sha256 = (await sealedDossier(tx, theCase.id))?.sha256 ?? ''
  if (dossierSha256 !== sha256) return { refused: 'stale' }
  const [row] = await tx.insert(decisionSignatures).values({ applicationId: theCase.id, dossierSha256: sha256, reasons, ...asColumns(conditionIn(form)), signedBy: personId, signedAt: now }).onConflictDoNothing().returning({ id: decisionSignatures.id })
  if (!row) return { refused: 'needs', missing: ['second_signature'] }
  await record(tx, { personId, role: 'decision_maker', requestId }, {
    operation: 'decisions.sign', applicationId: theCase.id, employerId: theCase.employerId, subjectId: row.id, after: { dossierSha256: sha256 },
  })
  return { decisionId: null, outcome: 'signed', certificateNumber: null }
}

type Breach = { personId: string; operation: string; requestId: string; parts?: readonly string[] }

/** C4: an attempted breach of independence is on record. The caller commits. */
export const recordBreach = (tx: Db, { id, employerId }: Case, { personId, operation, requestId, parts = [] }: Breach) =>
  record(tx, { personId, role: 'decision_maker', requestId }, { operation, applicationId: id, employerId, after: { refused: 'not_independent', missing: parts } })
