import { z } from 'zod'
import { certificateEvents, standings } from '../server/domain/standing.ts'
import { Id, Instant, LegalDate } from './shared.ts'

/** Why a standing changed, in general words; what is not among them is `other`. */
export const reasonClasses = ['overdue', 'nonconformity', 'zero_tolerance', 'mark_misuse', 'own_request', 'administrative', 'other'] as const
const reasonClass = z.enum(reasonClasses).nullable()
const happenings = [...certificateEvents, 'expired'] as const
const Names = { nameJa: z.string(), nameEn: z.string() }
const OpenFindings = z.object({ zeroTolerance: z.number(), major: z.number(), minor: z.number() })
export type OpenFindings = z.infer<typeof OpenFindings>
const Titles = { titleJa: z.string(), titleEn: z.string() }

/** The public record of one certificate: C13, C19. Whatever is not named here is not said. */
export const PublicCertificate = z.object({
  number: z.string(), edition: z.number(), standing: z.enum(standings), since: LegalDate, reasonClass, asOf: LegalDate, sample: z.boolean(),
  holder: z.object({ nameJa: z.string(), nameLatin: z.string(), corporateNumber: z.string(), addressJa: z.string() }),
  scope: z.object({
    industryJa: z.string(), industryEn: z.string(), workersBand: z.string(), foreignWorkersBand: z.string(), programmesJa: z.array(z.string()), programmesEn: z.array(z.string()),
  }),
  sites: z.array(z.object({ kind: z.enum(['workplace', 'housing']), nameJa: z.string(), addressJa: z.string() })),
  exclusions: z.array(z.object({ ja: z.string(), en: z.string() })),
  standard: z.object({ code: z.string(), version: z.string(), ...Titles }),
  tier: z.object({ code: z.string(), ...Names }),
  scorecard: z.array(z.object({ section: z.string(), ...Titles, result: z.enum(['conforms', 'minor_open', 'not_applicable']) })),
  results: z.object({ all: z.number(), conforms: z.number(), minor: z.number(), none: z.number() }),
  firstIssuedOn: LegalDate, issuedOn: LegalDate, decidedOn: LegalDate, expiresOn: LegalDate, lastDayOnSite: LegalDate,
  assessor: z.object(Names), issuer: z.object({ ...Names, addressJa: z.string(), addressEn: z.string(), complaintUrl: z.string() }),
  surveillance: z.object({ due: LegalDate, overdue: z.boolean() }).nullable(), // the next one; null when only the renewal is left, or nothing any more
  openFindings: z.object({ atDecision: OpenFindings, now: OpenFindings }), // how many, never what
  history: z.array(z.object({ event: z.enum(happenings), on: LegalDate, reasonClass, edition: z.number().nullable() })),
  onThatDay: z.object({ on: LegalDate, standing: z.enum(standings), since: LegalDate, until: LegalDate.nullable(), reasonClass, edition: z.number().nullable() }).nullable(),
  otherCycles: z.array(z.string()),
  editions: z.array(z.object({ edition: z.number(), level: z.string(), sha256: z.string(), size: z.number(), sealedAt: Instant, keyId: z.string() })), // newest first
  sha256: z.string(), size: z.number(), keyId: z.string(), keyFingerprint: z.string(), url: z.string(), pdfUrl: z.string(),
})
export type PublicCertificate = z.infer<typeof PublicCertificate>

/** The same for people, whose form goes back with a day that cannot be: `unusableDay` is what was typed. */
export const CertificatePage = PublicCertificate.extend({ unusableDay: z.string().nullable() })
export const DayQuery = z.looseObject({ on: z.string().max(60).optional().catch('?') })

export const numberFaults = ['number_malformed', 'number_mistyped', 'number_unknown'] as const
/** The look-up form, empty or with what was wrong; `near` are certificates on the register that are one slip away. */
export const LookUp = z.object({ typed: z.string(), fault: z.enum(numberFaults).nullable(), near: z.array(z.object({ number: z.string(), holderJa: z.string(), holderLatin: z.string() })) })
export const LookUpQuery = z.object({ number: z.string().max(200).optional().catch(''), lang: z.string().max(20).optional().catch(undefined) })
export const ByNumber = z.object({ number: z.string().max(200) })

export const Retried = z.object({ certificateId: Id })
