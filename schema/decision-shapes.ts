import { z } from 'zod'
import { jobProblems } from '../server/domain/job-problem.ts'
import { day, neededProse, oneOf, prose } from './forms.ts'
import { CaseHead } from './case-head.ts'
import { findingGrades } from './findings.ts'
import { ratingValues } from './assessments.ts'
import { Id, Instant, LegalDate, Once, Version } from './shared.ts'
import { VoiceCount } from './visit-shapes.ts'

const outcome = z.enum(['certify', 'refuse'])
const Condition = z.object({ text: z.string(), until: LegalDate }).nullable()
const Titled = { titleJa: z.string(), titleEn: z.string() }

export const DecisionForm = z.object({
  outcome: oneOf(['certify', 'refuse']), reasons: neededProse(4000), version: Version, once: Once,
  dossierSha256: z.string().regex(/^[0-9a-f]{64}$/, 'field_format'), // the file that the decider had before them: who read none decides nothing
  condition: prose(2000).default(''), conditionUntil: z.union([z.literal(''), day()]).optional().transform(on => on || null),
}).refine(({ outcome, condition, conditionUntil }) => outcome === 'refuse' || !condition || conditionUntil, { path: ['conditionUntil'], error: 'field_missing' })
  .refine(({ outcome, condition, conditionUntil }) => outcome === 'refuse' || !conditionUntil || condition, { path: ['condition'], error: 'field_missing' })
export type DecisionForm = z.output<typeof DecisionForm>
export const Decided = z.object({ decisionId: Id.nullable(), outcome: z.enum(['certify', 'refuse', 'signed']), certificateNumber: z.string().nullable() }) // signed: a second decision maker has yet to sign

/** How far a certificate is on its way out. `failed`: every try is used up and somebody must look. */
export const IssuingState = z.enum(['waiting', 'running', 'retrying', 'failed', 'issued'])
export const CertificateProgress = z.object({
  id: Id, number: z.string(), state: IssuingState, issuedOn: LegalDate, expiresOn: LegalDate, sha256: z.string().nullable(), url: z.string().nullable(),
  problem: z.enum(jobProblems).nullable(), // what the last try failed for
})

const Awaiting = z.object({ application: CaseHead, recommendation: outcome.nullable(), signed: z.boolean() }) // signed: by the first of two
const Past = z.object({ application: CaseHead, outcome, decidedAt: Instant, certificate: z.object({ number: z.string(), issued: z.boolean() }).nullable() })
export const Decisions = z.object({ awaiting: z.array(Awaiting), longestDays: z.number(), decided: z.array(Past) })

const counts = z.object({ conforms: z.number(), minor: z.number(), major: z.number(), zero_tolerance: z.number(), not_applicable: z.number() })
const File = z.object({ id: Id, name: z.string(), size: z.number(), sha256: z.string(), purpose: z.string(), openable: z.boolean(), criteria: z.array(z.string()) })
const Judged = z.object({
  id: z.string(), ...Titled, answer: z.string().nullable(), explanation: z.string(), rating: z.enum(ratingValues).nullable(), note: z.string(),
  documents: z.array(z.object({ id: Id, name: z.string(), openable: z.boolean() })),
})
const Section = z.object({ id: z.string(), ...Titled, counts, asked: z.number(), criteria: z.array(Judged) })
const Finding = z.object({
  id: Id, criterion: z.string(), ...Titled, grade: z.enum(findingGrades), state: z.string(), open: z.boolean(), planAccepted: z.boolean(), statement: z.string(), verifiedDue: Instant.nullable(),
})
const Visit = z.object({
  startsOn: LegalDate, endsOn: LegalDate, heldOn: LegalDate.nullable(), team: z.string(), personDays: z.number(), interviewsPlanned: z.number(), justification: z.string(),
  openingMeeting: z.string(), closingMeeting: z.string(), fees: z.string().nullable(), sites: z.number(), notes: z.number(),
})
const Recommendation = z.object({ outcome, summary: z.string(), strengths: z.string(), exclusions: z.string(), writtenBy: z.string(), writtenAt: Instant })

/** Of the cases this person recommended earlier and that were decided: how many were decided so, how many an appeal set aside. */
const AssessorRecord = z.object({ recommended: z.number(), followed: z.number(), overturned: z.number() })
/** A row by its name in the dossier: `kind` and what it is about, in words where there are any. */
const Row = z.object({ kind: z.string(), about: z.string(), change: z.enum(['changed', 'missing', 'added']) })
/** `since`: what came after the sealing, and the decision does not rest on. `altered`: what nobody may have changed. */
const Seal = z.object({ sealedAt: Instant, logSeq: z.number(), parts: z.number(), since: z.array(Row), altered: z.array(Row) })

/** The sealed file as it lies before the one who decides. */
export const Dossier = z.object({
  sha256: z.string(), seal: Seal.nullable(), // null: decided before dossiers were sealed
  standard: z.object({ code: z.string(), version: z.string(), sourceSha256: z.string(), ...Titled }),
  scope: z.object({
    nameJa: z.string(), nameLatin: z.string(), corporateNumber: z.string(), prefecture: z.string(), addressJa: z.string(), industryJa: z.string(), industryEn: z.string(),
    workers: z.number(), foreignWorkers: z.number(), sites: z.array(z.object({ kind: z.enum(['workplace', 'housing']), nameJa: z.string(), addressJa: z.string(), people: z.number() })),
  }),
  sections: z.array(Section), totals: counts, findings: z.array(Finding), open: z.array(Finding), visit: Visit.nullable(), voice: VoiceCount.nullable(),
  gates: z.array(z.object({ gate: z.enum(['no_blocking_findings', 'voice_gate', 'fee_gate']), passed: z.boolean() })),
  blocks: z.array(z.object({ block: z.string(), findings: z.number() })),
  recommendation: Recommendation.nullable(),
  parts: z.array(z.object({ name: z.string(), organisation: z.string().nullable(), parts: z.array(z.string()), record: AssessorRecord,
    calibration: z.object({ pairs: z.number(), kappa: z.number().nullable() }).nullable() })), // C28; null: no assessor of the case,
  documents: z.array(File),
})

export const DecisionPage = z.object({
  application: CaseHead,
  outcome: z.object({ outcome, reasons: z.string(), decidedAt: Instant, decidedBy: z.string().nullable(), dossierSha256: z.string(), appealUntil: LegalDate.nullable(), condition: Condition,
    setAside: z.boolean(), // by an appeal that was upheld: the case is decided anew
    appeal: z.object({ id: Id.nullable(), href: z.string(), until: Instant.nullable() }).nullable(), // for the client: the one there is, or where to file it
  }).nullable(),
  certificate: CertificateProgress.extend({ mayRetry: z.boolean() }).nullable(),
  signing: z.object({ two: z.boolean(), first: z.object({ name: z.string(), reasons: z.string(), signedAt: Instant }).nullable(), condition: z.object({ text: z.string(), until: z.string() }), mine: z.boolean(), step: z.enum(['none', 'first']) }).nullable(), // for a decider; `first`: certifying signs, and decides nothing yet; `condition`: of the first signature, empty where there is none
  mayDecide: z.boolean(), longestCondition: LegalDate, missing: z.array(z.string()), dossier: Dossier.nullable(),
})
