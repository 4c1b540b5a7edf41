import { z } from 'zod'
import { effortItems } from '../server/domain/effort.ts'
import { photoAnswers } from '../server/domain/photo-consent.ts'
import { foldDigits } from '../server/domain/text.ts'
import { CaseHead } from './case-head.ts'
import { count, day, line, many, neededLine, neededProse, oneOf, prose } from './forms.ts'
import { Id, Instant, LegalDate, Once, Version } from './shared.ts'
import { announcements, feeAnswers } from './visits.ts'

// The wire shapes of the on-site audit. `form` travels so that a refused form keeps what was typed.
const form = z.string().max(20).optional()
const blank = (text: unknown) => (typeof text === 'string' && text.trim() === '' ? undefined : text)
/** Half days and quarters: 1.25, also full-width. */
const personDays = z.union([z.string(), z.number()]).transform(value => foldDigits(String(value)))
  .refine(text => /^\d{1,2}(\.\d{1,2})?$/.test(text) && Number(text) > 0, 'field_number').transform(Number)

export const PlanForm = z.object({
  startsOn: day(), endsOn: day(), siteIds: many(Id), team: neededLine(500), interpreterLanguages: count(0, 16), nightShift: z.literal('yes').optional(),
  personDays: z.preprocess(blank, personDays.optional()), interviewsPlanned: z.preprocess(blank, count(0, 999).optional()), justification: prose(2000).default(''),
  announcement: oneOf(announcements).default('announced'),
  version: Version, once: Once, form,
}).refine(plan => plan.endsOn >= plan.startsOn, { path: ['endsOn'], message: 'field_date_order' })

/** What the plan page is asked to reckon with, as typed so far; anything unreadable counts as not given. */
const typed = z.string().max(2000).optional().catch(undefined)
export const PlanDraft = z.object({
  startsOn: typed, endsOn: typed, siteIds: z.union([Id, z.array(Id)]).optional().catch(undefined), team: typed, interpreterLanguages: typed, nightShift: typed,
  personDays: typed, interviewsPlanned: typed, justification: typed, announcement: typed,
})

export const RecordForm = z.object({
  heldOn: day(), openingMeeting: neededProse(4000), closingMeeting: neededProse(4000), workersInvited: count(0, 9999), workersAgreed: count(0, 9999), fees: oneOf(feeAnswers),
  version: Version, once: Once, form,
}).refine(day => day.workersAgreed <= day.workersInvited, { path: ['workersAgreed'], message: 'field_more_than_invited' })

/** The team stands at the door: from here on an unannounced visit is known. */
export const BeginningForm = z.object({ version: Version, once: Once, form })
export const ClosingForm = z.object({ version: Version, once: Once, form })
export const ReopeningForm = z.object({ reasons: neededProse(1000), version: Version, once: Once, form })
export const NoteForm = z.object({ criterion: line(20).refine(text => /^RE-\d\d\.\d+$/.test(text), 'field_missing'), note: neededProse(4000), once: Once })
/** What is not one of the answers is no consent. */
export const PhotoForm = NoteForm.extend({ consent: z.enum(photoAnswers).catch('none') })

const EffortLine = z.object({ what: z.enum(effortItems), count: z.number(), days: z.number() })
export const Calculation = z.object({
  interpreterLanguages: z.number(), nightShift: z.boolean(),
  effort: z.object({ onSiteDays: z.number(), deskDays: z.number(), factor: z.number(), beyondTable: z.boolean(), lines: z.array(EffortLine) }),
  sample: z.object({
    total: z.number(), oneToOne: z.number(), inGroups: z.number(), groups: z.number(), japanesePeers: z.number(), workerRepresentative: z.number(), foreignWorkers: z.number(),
    reasons: z.object({ table: z.number(), amfori: z.number(), nationalities: z.number() }),
    rows: z.object({
      table: z.object({ foreignWorkers: z.string(), interviews: z.union([z.string(), z.number()]) }),
      amfori: z.object({ workers: z.string(), manDays: z.number(), interviews: z.string() }),
    }),
  }),
})

const Site = z.object({ id: z.string(), kind: z.enum(['workplace', 'housing']), nameJa: z.string(), addressJa: z.string(), people: z.number(), chosen: z.boolean() })
const Plan = z.object({
  startsOn: LegalDate, endsOn: LegalDate, team: z.string(), personDays: z.number(), interviewsPlanned: z.number(), justification: z.string(), calculation: Calculation, plannedAt: Instant,
  announced: z.boolean(), begunAt: Instant.nullable(),
})
/** The numbers of one edition of the plan, newest first; a number that was changed says why. */
const Numbers = z.object({ at: Instant, reckonedDays: z.number().nullable(), personDays: z.number(), reckonedInterviews: z.number().nullable(), interviewsPlanned: z.number(), justification: z.string() })
const Draft = z.object({
  startsOn: z.string(), endsOn: z.string(), team: z.string(), interpreterLanguages: z.string(), nightShift: z.string(), personDays: z.string(), interviewsPlanned: z.string(),
  justification: z.string(), announcement: z.string(), agreed: z.object({ startsOn: LegalDate, endsOn: LegalDate }).nullable(), unavailable: z.array(z.object({ startsOn: LegalDate, endsOn: LegalDate, reason: z.string() })), calculation: Calculation,
})
export const VoiceCount = z.object({
  foreignWorkers: z.number(), workersInvited: z.number(), workersAgreed: z.number(), interviewedAlone: z.number(), interviewedInGroups: z.number(), sample: z.number(),
  asked: z.number(), heard: z.number(), aloneNeeded: z.number(), peers: z.number(), representatives: z.number(), held: z.boolean(), gate: z.boolean(),
})
/** What only the assessor sees: how many workers spoke is nobody else's business (decisions.md 3). */
const Bench = z.object({
  mayPlan: z.boolean(), mayBegin: z.boolean(), mayRecord: z.boolean(), draft: Draft,
  record: z.object({
    heldOn: z.string(), openingMeeting: z.string(), closingMeeting: z.string(), workersInvited: z.string(), workersAgreed: z.string(), fees: z.string(), recordedAt: Instant.nullable(), version: z.number(),
  }).nullable(),
  voice: VoiceCount, notes: z.number(), notebook: z.number(), findings: z.number(), mayClose: z.boolean(), mayReopen: z.boolean(), missing: z.array(z.string()),
})
export const VisitPage = z.object({ head: CaseHead, sites: z.array(Site), plan: Plan.nullable(), numbers: z.array(Numbers), bench: Bench.nullable() })
export const Planned = z.object({ visitId: z.string(), stage: z.string() })
export const Recorded = z.object({ visitId: z.string() })
export const Closed = z.object({ stage: z.string() })

const Note = z.object({
  id: z.string(), criterion: z.string(), titleJa: z.string(), titleEn: z.string(), note: z.string(), writtenBy: z.string(), writtenAt: Instant,
  photo: z.object({ id: z.string(), name: z.string(), scan: z.string() }).nullable(),
})
const Topic = z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string(), notes: z.number() })
export const NotesPage = z.object({ head: CaseHead, mayWrite: z.boolean(), criterion: z.string(), topics: z.array(Topic), notes: z.array(Note) })
export const NoteWritten = z.object({ noteId: z.string() })
