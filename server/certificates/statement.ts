import { eq, sql } from 'drizzle-orm'
import { ratings } from '../../schema/assessments.ts'
import { recommendations } from '../../schema/decisions.ts'
import { visits } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { bandOf } from '../domain/bands.ts'
import { addDays, addMonths, japanDate } from '../domain/calendar.ts'
import { industries } from '../domain/industries.ts'
import { residenceStatuses } from '../domain/residence-statuses.ts'
import { sectionOf, sectionResult } from '../domain/scorecard.ts'
import type { CertificateStatement } from '../domain/statement.ts'
import { findingsOf, type Finding } from '../findings/queries.ts'
import { translate } from '../http/locale.ts'
import { standardById, type Standard } from '../standard/queries.ts'
import type { World } from '../world.ts'

/** Everything on the certificate but its number: that exists only once the decision does. */
export type Draft = Omit<CertificateStatement, 'number' | 'verifyUrl' | 'edition' | 'firstIssuedOn'>
const tier = 'T3'

/** C12: what the certificate will say, from the submitted scope, the standard, the ratings, the visit and the recommendation. */
export async function draftStatement(db: Db, theCase: Case, { now, publicUrl, signer }: World): Promise<Draft> {
  const { scope } = theCase
  if (!scope) throw new Error(`case ${theCase.id} has no submitted scope`)
  const standard = await standardById(db, theCase.standardId)
  const findings = await findingsOf(db, theCase.id)
  const rated = await db.select({ criterion: ratings.criterion, rating: ratings.rating }).from(ratings).where(eq(ratings.applicationId, theCase.id))
  const issuedOn = japanDate(now())
  return {
    sample: signer.development,
    issuer: { ...inBoth('name', 'issuer_name'), ...inBoth('address', 'issuer_address'), complaintUrl: `${publicUrl}/c#complaints` },
    holder: { nameJa: scope.nameJa, nameLatin: scope.nameLatin, corporateNumber: scope.corporateNumber, addressJa: scope.addressJa },
    sites: scope.sites.map(({ kind, nameJa, addressJa }) => ({ kind, nameJa, addressJa })),
    scope: { ...industryOf(scope.industry), ...programmesOf(scope.populations), workersBand: bandOf(scope.workers), foreignWorkersBand: bandOf(scope.foreignWorkers) },
    ...standardPart(standard),
    scorecard: standard.content.sections.map(({ id, titleJa, titleEn }) => ({ section: id, titleJa, titleEn, result: sectionResult(id, rated, findings) })),
    issuedOn, decidedOn: issuedOn,
    expiresOn: addDays(addMonths(issuedOn, standard.content.grading.validityMonths), -1), // the last day counts
    lastDayOnSite: await lastDayOnSite(db, theCase.id),
    assessor: await assessorOf(db, theCase.id),
    exclusions: [...await unseen(db, theCase.id), ...sharedFindings(standard, findings)],
  }
}

function inBoth<Name extends string>(name: Name, key: string) {
  return { [`${name}Ja`]: translate('ja', `certificates.${key}`), [`${name}En`]: translate('en', `certificates.${key}`) } as Record<`${Name}Ja` | `${Name}En`, string>
}

function industryOf(code: string) {
  const industry = industries.find(({ value }) => value === code)
  if (!industry) throw new Error(`no industry ${code}`)
  return { industryJa: industry.ja, industryEn: industry.en }
}

// Programmes are named. Other statuses are one word: a single permanent resident in a small firm would be pointed at.
function programmesOf(populations: { residenceStatus: string }[]) {
  const held = new Set(populations.map(({ residenceStatus }) => residenceStatus))
  const present = residenceStatuses.filter(({ value }) => held.has(value))
  const named = present.filter(({ programme }) => programme !== null)
  const others = named.length < present.length ? [{ ja: translate('ja', 'certificates.other_statuses'), en: translate('en', 'certificates.other_statuses') }] : []
  return { programmesJa: [...named, ...others].map(({ ja }) => ja), programmesEn: [...named, ...others].map(({ en }) => en) }
}

function standardPart({ code, content: { meta, grading } }: Standard): Pick<Draft, 'standard' | 'tier'> {
  const row = grading.tiers.find(candidate => candidate.code === tier)
  if (!row) throw new Error(`the standard has no tier ${tier}`)
  return {
    standard: { code, version: meta.version, titleJa: meta.titleJa, titleEn: meta.titleEn }, tier: { code: row.code, nameJa: row.nameJa, nameEn: row.nameEn },
  }
}

async function lastDayOnSite(db: Db, applicationId: string): Promise<string> {
  const [visit] = await db.select({ heldOn: visits.heldOn, endsOn: visits.endsOn }).from(visits).where(eq(visits.applicationId, applicationId))
  if (!visit) throw new Error(`case ${applicationId} was never visited`)
  return visit.heldOn ?? visit.endsOn
}

// C28, ISO/IEC 17065 6.2.2: named is who was really there, not who was asked to go.
async function assessorOf(db: Db, applicationId: string): Promise<CertificateStatement['assessor']> {
  const rows = await db.execute<{ ja: string; en: string }>(sql`
    select distinct o.name_ja as ja, o.name_en as en from people p join assessor_organisations o on o.id = p.assessor_organisation_id
    where p.id in (select planned_by from visits where application_id = ${applicationId} union select written_by from visit_notes where application_id = ${applicationId}
      union select written_by from interviews where application_id = ${applicationId} union select written_by from recommendations where application_id = ${applicationId})
    order by 1`)
  if (rows.length === 0) return inBoth('name', 'assessor_alone')
  return { nameJa: rows.map(({ ja }) => ja).join('、'), nameEn: rows.map(({ en }) => en).join(', ') }
}

async function unseen(db: Db, applicationId: string): Promise<CertificateStatement['exclusions']> {
  const [row] = await db.select({ exclusions: recommendations.exclusions }).from(recommendations).where(eq(recommendations.applicationId, applicationId))
    .orderBy(sql`written_at desc`).limit(1)
  return (row?.exclusions ?? '').split('\n').map(line => line.trim()).filter(line => line !== '').map(ja => ({ ja, en: '' })) // written in one language only
}

/** domain.md 7: collaborative findings that are still open stand on the certificate. */
function sharedFindings({ content: { sections } }: Standard, findings: Finding[]): CertificateStatement['exclusions'] {
  const open = new Set(findings.filter(({ grade, open }) => open && grade === 'collaborative').map(({ criterion }) => sectionOf(criterion)))
  return sections.filter(({ id }) => open.has(id)).map(({ titleJa, titleEn }) => ({
    ja: translate('ja', 'certificates.shared_finding', { section: titleJa }), en: translate('en', 'certificates.shared_finding', { section: titleEn }),
  }))
}
