import { endOfDay } from '../domain/calendar.ts'
import type { CertificateStatement, SectionResult } from '../domain/statement.ts'
import { asMultibase, checkpointType } from '../proof/credential.ts'
import { didOf } from '../proof/did.ts'

/** `sha256` of the sealed PDF in hex; `checkpoint`: the latest note of the log, so that every holder is a witness of it. */
export type Twin = { statement: CertificateStatement; sha256: string; statusIndex: number; checkpoint: string | null; publicUrl: string }

/**
 * The certificate for machines: UNTP Digital Conformity Credential 0.7.0, a W3C verifiable credential (VCDM 2.0). Says what the PDF says of the
 * company, no more, in terms that its two contexts define; it is bound to the file by digestMultibase. Where the two readings of the standard differ, the published schema wins:
 * credentialStatus is one object and its index a number.
 */
export function conformityCredential({ statement, sha256, statusIndex, checkpoint, publicUrl }: Twin) {
  const { number, edition, issuer, issuedOn, expiresOn, sample, holder } = statement
  const page = `${publicUrl}/c/${number}`
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://vocabulary.uncefact.org/untp/0.7.0/context/'],
    type: ['DigitalConformityCredential', 'VerifiableCredential'],
    id: `${page}/certificate.vc.jwt?edition=${edition}`,
    issuer: { type: ['CredentialIssuer'], id: didOf(publicUrl), name: issuer.nameEn },
    validFrom: `${issuedOn}T00:00:00+09:00`,
    validUntil: endOfDay(expiresOn).toISOString(),
    name: `${sample ? 'SAMPLE ' : ''}${number} ${holder.nameLatin}`,
    credentialStatus: {
      id: `${publicUrl}/credentials/status#${statusIndex}`, type: 'BitstringStatusListEntry', statusPurpose: 'suspension',
      statusListIndex: statusIndex, statusListCredential: `${publicUrl}/credentials/status`,
    },
    credentialSubject: attestation(statement, sha256, publicUrl, page),
    ...(checkpoint ? { evidence: [{ type: [checkpointType], name: 'The transparency log when this was issued', description: checkpoint }] } : {}),
  }
}

export type Conformity = ReturnType<typeof conformityCredential>

function attestation(statement: CertificateStatement, sha256: string, publicUrl: string, page: string) {
  const { number, sample, holder, standard, tier } = statement
  return {
    type: ['ConformityAttestation'], id: page, name: `${number} ${tier.code} ${tier.nameEn}`,
    ...(sample ? { description: 'A sample, sealed with a development key that nobody trusts. It certifies nothing.' } : {}),
    assessorLevel: '3rdParty', assessmentLevel: 'no-endorsement', attestationType: 'certification', // no authority or accreditation body stands behind the scheme yet
    issuedToParty: {
      type: ['Party'], ...partyOf(holder), registeredId: holder.corporateNumber, description: holder.nameJa,
      idScheme: { type: ['IdentifierScheme'], id: register, name: 'Corporate Number (National Tax Agency of Japan)' },
    },
    referenceScheme: { type: ['ConformityScheme'], id: `${publicUrl}/standard`, name: standard.titleEn },
    referenceProfile: { type: ['ConformityProfile'], id: `${publicUrl}/standard#${standard.code}-${standard.version}`, name: `${standard.code} ${standard.version}` },
    profileScore: { code: tier.code, definition: tier.nameEn },
    conformityCertificate: {
      linkURL: `${page}/certificate.pdf`, linkName: `${number}.pdf`, digestMultibase: asMultibase(sha256), mediaType: 'application/pdf',
    },
    conformityAssessment: [assessment(statement, publicUrl, page)],
  }
}

const register = 'https://www.houjin-bangou.nta.go.jp/'
const partyOf = ({ corporateNumber, nameLatin }: CertificateStatement['holder']) => ({ id: `${register}henkorireki-johoto.html?selHouzinNo=${corporateNumber}`, name: nameLatin })

// The whole audit in one assessment: a criterion per section of the standard, and its result as a score.
function assessment({ number, holder, sites, scope, standard, scorecard, exclusions, lastDayOnSite }: CertificateStatement, publicUrl: string, page: string) {
  const sections = scorecard.map(({ section, titleEn, result }) => ({ id: `${publicUrl}/standard/${section}`, name: titleEn, result }))
  return {
    type: ['ConformityAssessment'], id: `${page}#scorecard`, name: `${number}: result by section`,
    description: `${scope.industryEn}; ${scope.workersBand} workers, ${scope.foreignWorkersBand} of them foreign (${scope.programmesEn.join(', ')})`,
    assessmentCriteria: sections.map(({ id, name }) => ({ type: ['Criterion'], id, name })),
    assessmentDate: lastDayOnSite,
    assessedPerformance: sections.map(({ id, name, result }) => ({ metric: { type: ['PerformanceMetric'], id, name }, score: { code: result, definition: meaning[result] } })),
    assessedFacility: sites.map(({ kind, nameJa, addressJa }, index) => ({
      facility: { type: ['Facility'], id: `${page}#site-${index + 1}`, name: nameJa, description: `${kind}: ${addressJa}` }, idVerifiedByCAB: true,
    })),
    assessedOrganisation: { type: ['Party'], ...partyOf(holder) },
    referenceStandard: [{ type: ['Standard'], id: `${publicUrl}/standard`, name: `${standard.titleEn} (${standard.code} ${standard.version})` }],
    ...(exclusions.length > 0 ? { specifiedCondition: exclusions.map(({ ja, en }) => en || ja) } : {}),
    conformityTopic: [{ type: ['ConformityTopic'], id: 'https://vocabulary.uncefact.org/conformity-topic/forced-labor-elimination', name: 'Forced Labor Elimination' }],
    conformance: true,
  }
}

const meaning: Record<SectionResult, string> = { conforms: 'Conforms', minor_open: 'Minor finding being corrected', not_applicable: 'Not applicable' }
