import { z } from 'zod'
import { reasonClasses } from './certificate-shapes.ts'
import { decidedChanges } from '../server/domain/standing-changes.ts'
import { standings } from '../server/domain/standing.ts'
import { day, many, neededProse, oneOf, prose } from './forms.ts'
import { changeNames } from './register.ts'
import { Id, Instant, LegalDate, Once, Version } from './shared.ts'

/** Why a certificate waits for a decision, the most pressing first. */
export const worklist = ['suspension_over', 'condition_over', 'suspension_ending', 'zero_tolerance', 'repeated_major', 'misuse_founded', 'surveillance_found', 'change_suspension', 'change_scope', 'surveillance_held', 'surveillance_overdue', 'suspended'] as const
const Site = z.object({ kind: z.enum(['workplace', 'housing']), nameJa: z.string(), addressJa: z.string() })
const Head = z.object({ certificateId: Id, number: z.string(), nameJa: z.string(), nameLatin: z.string(), standing: z.enum(standings), since: LegalDate, reasonClass: z.string().nullable(), expiresOn: LegalDate })
export const Standings = z.object({
  q: z.string(), found: z.array(Head),
  work: z.array(Head.extend({ why: z.enum(worklist), until: LegalDate.nullable(), changeId: Id.nullable() })),
})
export const StandingsQuery = z.looseObject({ q: z.string().max(100).optional().catch('') })
const Appeal = z.object({ id: Id.nullable(), href: z.string(), until: Instant.nullable() })
const Decided = z.object({ decisionId: Id.nullable(), eventId: Id, byClock: z.boolean(),  change: z.enum(changeNames), on: LegalDate, reasonClass: z.string().nullable(), reasons: z.string().nullable(), by: z.string().nullable(), until: LegalDate.nullable(), condition: z.string().nullable(), sitesRemoved: z.array(Site).nullable() })
export const StandingPage = Head.extend({ version: z.number(), history: z.array(Decided), choices: z.array(z.enum(decidedChanges)), reasonClasses: z.array(z.enum(reasonClasses)), sites: z.array(Site), longest: LegalDate })
export const StandingForm = z.object({
  change: oneOf(decidedChanges), reasonClass: z.union([z.literal(''), z.enum(reasonClasses)]).optional().transform(reason => reason || null), reasons: neededProse(4000),
  until: z.union([z.literal(''), day()]).optional().transform(on => on || null), condition: prose(2000).default(''), sites: many(z.coerce.number().int().min(0)), version: Version, once: Once,
})
export const StandingDecided = z.object({ decisionId: Id, change: z.enum(decidedChanges) })
const Renewal = z.object({ opensOn: LegalDate, open: z.boolean(), applicationId: Id.nullable() })
export const RenewalForm = z.object({ once: Once })
export const Renewed = z.object({ id: Id, answers: z.number(), documents: z.number() })
/** What the holder may know of its surveillances: the next due day, announced visits to come, and all that were held. */
const Surveillance = z.object({ next: z.object({ due: LegalDate, overdue: z.boolean() }).nullable(), planned: z.array(z.object({ visitId: Id, on: LegalDate, wished: LegalDate.nullable(), mayWish: z.boolean() })), held: z.array(z.object({ on: LegalDate, unannounced: z.boolean() })) })
export const OwnCertificates = z.object({ certificates: z.array(Head.extend({ surveillance: Surveillance.nullable(), renewal: Renewal.nullable(), history: z.array(Decided.extend({ appeal: Appeal.nullable() })), maySurrender: z.boolean() })), appealDays: z.number() })
export const SurrenderForm = z.object({ number: z.string().max(60), once: Once, form: z.string().max(60).optional() })
export const Surrendered = z.object({ number: z.string() })
