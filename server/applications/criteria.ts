import type { Scope } from '../../schema/applications.ts'
import type { Criterion as Written, LegalLine } from '../../schema/standard-criterion.ts'
import type { Db } from '../adapters/database.ts'
import { applicability, lawOn, type Applicability, type EmployerFacts } from '../domain/applicability.ts'
import { japanDate, type CalendarDate } from '../domain/calendar.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { programmesOf } from '../domain/residence-statuses.ts'
import { scopeOf } from '../employers/queries.ts'
import { standardById } from '../standard/queries.ts'

type Known = { employerId: string; standardId: string; stage: Stage; scope: Scope | null; submittedAt: Date | null }
type WrittenWords = Pick<Written, 'id' | 'section' | 'titleJa' | 'titleEn' | 'requirementJa' | 'requirementEn' | 'criticality' | 'evidence' | 'internationalBasis' | 'dhaka' | 'version'>

/** A criterion as it is asked of one employer. `law` is what stands behind it on the day asked about. */
export type Criterion = WrittenWords & {
  law: LegalLine[]; lawLater: LegalLine[]; legalBasisNote: string | null; methods: Written['auditMethods']; workerQuestion: Written['workerQuestion'] | null
  needsDocument: boolean   // a yes or partly needs at least one document
}
export type Spared = Pick<Written, 'id' | 'section' | 'titleJa' | 'titleEn'> & { because: Extract<Applicability, { applies: false }>['because'] }

/** The criteria of the case's standard that apply to this employer, in the order of the standard. */
export const criteriaFor = async (db: Db, theCase: Known, now: Date): Promise<Criterion[]> => (await askedOf(db, theCase, now)).criteria

/** The same with what this employer is spared and why. */
export async function askedOf(db: Db, theCase: Known, now: Date): Promise<{ criteria: Criterion[]; spared: Spared[]; facts: EmployerFacts }> {
  const { content } = await standardById(db, theCase.standardId)
  const facts = factsAbout(await scopeUnder(db, theCase))
  const writing = isBeingWritten(theCase.stage)
  const asked = japanDate(writing ? now : theCase.submittedAt ?? now) // the list does not change under an assessment
  const judged = content.criteria.map(written => ({ written, outcome: applicability(written, facts, asked) }))
  return {
    facts,
    criteria: judged.flatMap(({ written, outcome }) => (outcome.applies ? [asAsked(written, outcome.evidence, japanDate(now))] : [])),
    spared: judged.flatMap(({ written: { id, section, titleJa, titleEn }, outcome }) => (outcome.applies ? [] : [{ id, section, titleJa, titleEn, because: outcome.because }])),
  }
}

/** What was submitted, or the company as it is now while the employer is still writing. */
export const scopeUnder = async (db: Db, { employerId, stage, scope }: Pick<Known, 'employerId' | 'stage' | 'scope'>): Promise<Scope> =>
  scope && !isBeingWritten(stage) ? scope : scopeOf(db, employerId)

export const isBeingWritten = (stage: Stage) => stage === 'draft' || stage === 'returned'

// A company that has not counted its workers yet is not taken for a small one.
const factsAbout = ({ workers, sites, populations }: Scope): EmployerFacts =>
  ({ workers: workers || Infinity, arrangesHousing: sites.some(({ kind }) => kind === 'housing'), hasProgrammeWorkers: programmesOf(populations).length > 0 })

function asAsked(written: Written, documents: 'asked' | 'optional', today: CalendarDate): Criterion {
  const { id, section, titleJa, titleEn, requirementJa, requirementEn, criticality, evidence, internationalBasis, dhaka, version, legalBasis, legalBasisNote, auditMethods, workerQuestion } = written
  const { inForce, later } = lawOn(legalBasis, today)
  return {
    id, section, titleJa, titleEn, requirementJa, requirementEn, criticality, evidence, internationalBasis, dhaka, version,
    law: inForce, lawLater: later, legalBasisNote: legalBasisNote ?? null, methods: auditMethods, workerQuestion: workerQuestion ?? null,
    needsDocument: documents === 'asked' && auditMethods.includes('document'),
  }
}
