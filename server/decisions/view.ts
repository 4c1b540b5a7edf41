import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { answers } from '../../schema/applications.ts'
import { ratings } from '../../schema/assessments.ts'
import type { Dossier } from '../../schema/decision-shapes.ts'
import { recommendations } from '../../schema/decisions.ts'
import { people } from '../../schema/accounts.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { factsOf } from '../applications/facts.ts'
import { blocking } from '../domain/grading.ts'
import { industries } from '../domain/industries.ts'
import { counted, tallyOf } from '../domain/scorecard.ts'
import { findingsOf, type Finding } from '../findings/queries.ts'
import type { Viewer } from '../http/viewer.ts'
import { agreementsOf } from '../second-scorings/calibration.ts'
import { standardById, type Standard } from '../standard/queries.ts'
import { notesCount, visitOf, voiceOf } from '../visits/queries.ts'
import { sealedDossier, type Difference } from './dossier.ts'

type View = z.infer<typeof Dossier>
const gates = ['no_blocking_findings', 'voice_gate', 'fee_gate'] as const

/** The sealed file laid out for reading, with the hash of the whole. */
export async function dossierBefore(db: Db, theCase: Case, viewer: Viewer, now: Date): Promise<View> {
  const standard = await standardById(db, theCase.standardId)
  const findings = await findingsOf(db, theCase.id)
  const documents = await documentsOf(db, theCase.id)
  const facts = await factsOf(db, theCase, viewer.personId, now)
  return {
    ...await sealFor(db, theCase.id, documents), ...await standardAndScope(db, theCase, standard), ...await sectionsOf(db, theCase, { standard, documents, now }),
    findings: findings.map(finding => told(finding, standard)), open: findings.filter(({ open }) => open).map(finding => told(finding, standard)), visit: await visitFor(db, theCase.id), voice: await voiceOf(db, theCase),
    gates: gates.map(gate => ({ gate, passed: facts[gate] })),
    blocks: blocking(findings, standard.content.grading.decisionRule).map(({ block, findings }) => ({ block, findings: findings.length })),
    recommendation: await recommendationOf(db, theCase.id), parts: await partsIn(db, theCase.id), documents,
  }
}

// What came since the sealing and what must not have changed, each by the name a reader knows it by.
async function sealFor(db: Db, applicationId: string, documents: View['documents']): Promise<Pick<View, 'sha256' | 'seal'>> {
  const sealed = await sealedDossier(db, applicationId)
  if (!sealed) return { sha256: '', seal: null }
  const { sha256, since, ...seal } = sealed
  const named = since.map(({ part, change }: Difference) => {
    const [kind = '', about = '', id = ''] = part.split('/'), file = documents.find(document => document.id === (kind === 'documents' ? about : id))?.name
    const criterion = /^RE-/.test(about) ? about : ''
    return { kind, about: [criterion, file].filter(Boolean).join(' '), change }
  })
  return { sha256, seal: { ...seal, since: named.filter(({ change }) => change === 'added'), altered: named.filter(({ change }) => change !== 'added') } }
}

async function standardAndScope(db: Db, { scope }: Case, { id, code, content: { meta } }: Standard): Promise<Pick<View, 'standard' | 'scope'>> {
  if (!scope) throw new Error('a case before the decider has a submitted scope')
  const [row] = await db.execute<{ sha256: string }>(sql`select source_sha256 as sha256 from standards where id = ${id}`)
  const industry = industries.find(({ value }) => value === scope.industry) ?? { ja: scope.industry, en: scope.industry }
  return {
    standard: { code, version: meta.version, sourceSha256: row?.sha256 ?? '', titleJa: meta.titleJa, titleEn: meta.titleEn },
    scope: { ...scope, industryJa: industry.ja, industryEn: industry.en },
  }
}

type Laid = { standard: Standard; documents: View['documents']; now: Date }

async function sectionsOf(db: Db, theCase: Case, { standard, documents, now }: Laid): Promise<Pick<View, 'sections' | 'totals'>> {
  const asked = await criteriaFor(db, theCase, now)
  const answered = new Map((await db.select().from(answers).where(eq(answers.applicationId, theCase.id))).map(answer => [answer.criterion, answer]))
  const rows = await db.select().from(ratings).where(eq(ratings.applicationId, theCase.id))
  const rated = new Map(rows.map(rating => [rating.criterion, rating]))
  const criteria = asked.map(({ id, section, titleJa, titleEn }) => ({
    id, section, titleJa, titleEn, answer: answered.get(id)?.answer ?? null, explanation: answered.get(id)?.explanation || answered.get(id)?.reason || '',
    rating: rated.get(id)?.rating ?? null, note: rated.get(id)?.note ?? '', documents: documents.filter(document => document.criteria.includes(id)),
  }))
  const sections = standard.content.sections.map(({ id, titleJa, titleEn }) => {
    const mine = criteria.filter(({ section }) => section === id)
    return { id, titleJa, titleEn, counts: tallyOf(id, rows), asked: mine.length, criteria: mine }
  })
  const totals = Object.fromEntries(counted.map(value => [value, rows.filter(({ rating }) => rating === value).length])) as View['totals']
  return { sections: sections.filter(({ asked }) => asked > 0), totals }
}

function told({ id, criterion, grade, state, open, planAccepted, statement, verifiedDue }: Finding, { content }: Standard): View['findings'][number] {
  const title = content.criteria.find(candidate => candidate.id === criterion)
  return { id, criterion, titleJa: title?.titleJa ?? criterion, titleEn: title?.titleEn ?? criterion, grade, state, open, planAccepted, statement, verifiedDue }
}

async function visitFor(db: Db, applicationId: string): Promise<View['visit']> {
  const visit = await visitOf(db, applicationId)
  return visit && { ...visit, sites: visit.siteIds.length, notes: await notesCount(db, applicationId) }
}

async function recommendationOf(db: Db, applicationId: string): Promise<View['recommendation']> {
  const [row] = await db.select({
    outcome: recommendations.outcome, summary: recommendations.summary, strengths: recommendations.strengths, exclusions: recommendations.exclusions,
    writtenBy: people.name, writtenAt: recommendations.writtenAt,
  }).from(recommendations).innerJoin(people, eq(people.id, recommendations.writtenBy)).where(eq(recommendations.applicationId, applicationId))
    .orderBy(sql`written_at desc`).limit(1)
  return row ?? null
}

// What became of what this person recommended in other cases.
const record = (applicationId: string) => sql`select json_build_object('recommended', count(*), 'followed', count(*) filter (where d.outcome = r.outcome), 'overturned', count(*) filter (where o.outcome = 'upheld'))
  from recommendations r join decisions d on d.application_id = r.application_id and d.appeal_id is null left join appeals a on a.decision_id = d.id left join appeal_decisions o on o.appeal_id = a.id
  where r.written_by = p.id and r.application_id <> ${applicationId}`

// Everybody who had a hand in the case on the side of the scheme, as the database knows it.
async function partsIn(db: Db, applicationId: string): Promise<View['parts']> {
  const rows = await db.execute<Omit<View['parts'][number], 'calibration'> & { id: string }>(sql`
  select p.id, p.name, o.name_ja as organisation, parts_taken(${applicationId}::uuid, p.id) as parts, (${record(applicationId)}) as record from people p left join assessor_organisations o on o.id = p.assessor_organisation_id
  where p.id in (select person_id from assignments where application_id = ${applicationId} union select screened_by from screenings where application_id = ${applicationId}
    union select rated_by from ratings where application_id = ${applicationId} union select asked_by from clarifications where application_id = ${applicationId}
    union select written_by from recommendations where application_id = ${applicationId} union select written_by from visit_notes where application_id = ${applicationId}
    union select written_by from interviews where application_id = ${applicationId} union select raised_by from findings where application_id = ${applicationId})
  order by p.name`)
  const agreement = await agreementsOf(db, rows.map(({ id }) => id)) // C28
  return rows.map(({ id, ...person }) => ({ ...person, calibration: person.parts.some(part => raters.includes(part)) ? agreement(id) : null }))
}

const raters: readonly string[] = ['desk_reviewer', 'auditor']

const documentsOf = (db: Db, applicationId: string): Promise<View['documents']> => db.execute<View['documents'][number]>(sql`
  select d.id, d.name, d.size::float8 as size, d.sha256, d.purpose, d.scan in ('clean', 'unscanned') as openable,
    coalesce((select json_agg(c.criterion order by c.criterion) from document_criteria c where c.document_id = d.id and c.application_id = d.application_id), '[]') as criteria
  from documents d where d.application_id = ${applicationId} order by d.uploaded_at, d.id`).then(rows => [...rows])
