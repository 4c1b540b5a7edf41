import { z } from 'zod'
import { dutyNames, escalations, findingActs } from '../server/domain/duties.ts'
import { closures, doneness, findingStates, reviewOutcomes } from '../server/domain/findings.ts'
import { roles } from '../server/domain/roles.ts'
import { CaseHead } from './case-head.ts'
import { scanStates } from './documents.ts'
import { findingGrades } from './findings.ts'
import { day, line, neededProse, oneOf, prose } from './forms.ts'
import { Id, Instant, Once } from './shared.ts'

const form = z.string().max(20).optional()
export const RaiseForm = z.object({
  criterion: line(20).refine(text => /^RE-\d\d\.\d+$/.test(text), 'field_missing'), grade: oneOf(findingGrades), statement: neededProse(4000), evidenceReference: prose(1000).default(''),
  visitedOn: z.union([z.literal(''), day()]).optional().transform(on => on || null), // on a certified case: the day of the visit at which it was found
  supersedes: z.preprocess(value => (value === '' ? undefined : value), Id.optional()), once: Once, form,
})

/** `after` is the employer's latest answer as the form saw it ('' for none): another one means that somebody moved on. */
export const ResponseForm = z.object({
  cause: neededProse(4000), correction: neededProse(4000), correctiveAction: neededProse(4000), done: oneOf(doneness), after: z.string().max(36).default(''), once: Once, form,
})

export const ReviewForm = z.object({ outcome: oneOf(reviewOutcomes), note: prose(4000).default(''), responseId: Id, once: Once, form })
  .refine(({ outcome, note }) => outcome === 'plan_accepted' || outcome === 'verified' || note !== '', { path: ['note'], message: 'field_reason_for_no' })

export const StepForm = z.object({ step: oneOf(findingActs), words: neededProse(4000), once: Once, form })
export const ClosureForm = z.object({ outcome: oneOf(closures), reasons: neededProse(4000), reviewId: Id, once: Once, form })

const move = z.enum(['applicant', 'assessor', 'decision_maker']).nullable()
/** One finding in a list: what it is, where it stands, whose move, until when. */
export const FindingLine = z.object({
  id: z.string(), criterion: z.string(), titleJa: z.string(), titleEn: z.string(), grade: z.enum(findingGrades), statement: z.string(), state: z.enum(findingStates), open: z.boolean(),
  planAccepted: z.boolean(), superseded: z.boolean(), move, due: Instant.nullable(), daysLeft: z.number().nullable(), daysLate: z.number(), overdue: z.boolean(), raisedAt: Instant,
  escalation: z.enum(escalations).nullable(), repeats: z.string().nullable(),
})
const Adverse = z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string(), rating: z.string() })
const Topic = z.object({ id: z.string(), titleJa: z.string(), titleEn: z.string() })
export const FindingsPage = z.object({
  head: CaseHead, viewer: z.enum(['applicant', 'assessor', 'other']), findings: z.array(FindingLine), superseded: z.array(FindingLine),
  counts: z.object({ all: z.number(), open: z.number(), closed: z.number(), overdue: z.number(), yours: z.number() }),
  bench: z.object({
    mayRaise: z.boolean(), isSurveillance: z.boolean(), unraised: z.array(Adverse), topics: z.array(Topic), draft: z.object({ criterion: z.string(), grade: z.string(), supersedes: z.string(), statement: z.string(), evidenceReference: z.string() }),
  }).nullable(),
})

const Due = z.object({ what: z.enum(dutyNames), who: z.enum(roles), at: Instant, met: z.boolean(), overdue: z.boolean(), daysLeft: z.number(), daysLate: z.number() })
const Entry = z.object({
  kind: z.enum(['response', 'review', 'step', 'closure', 'clock']), at: Instant, who: z.string(), outcome: z.string(), note: z.string(), cause: z.string(), correction: z.string(), correctiveAction: z.string(),
})
const CorrectionDocument = z.object({ id: z.string(), name: z.string(), size: z.number(), scan: z.enum(scanStates), uploadedAt: Instant })
export const FindingPage = z.object({
  appeal: z.object({ id: z.string().nullable(), href: z.string(), until: Instant.nullable() }).nullable(), // for the client: the one there is, or where to file it
  head: CaseHead, viewer: z.enum(['applicant', 'assessor', 'other']), finding: FindingLine, evidenceReference: z.string(), requirementJa: z.string(), requirementEn: z.string(),
  supersedes: z.string().nullable(), supersededBy: z.string().nullable(), dues: z.array(Due), entries: z.array(Entry), documents: z.array(CorrectionDocument),
  steps: z.array(z.enum(findingActs)), // those this reader may take
  held: z.boolean(), // an appeal against it is open
  mayClose: z.boolean(), verified: z.object({ id: z.string(), note: z.string() }).nullable(), // what those who decide look at
  closingSigned: z.boolean(), closingSignedByMe: z.boolean(), // by the first of two
  effectUntil: Instant.nullable(), // by when the effect of what was closed is judged
  mayRespond: z.boolean(), mayAttach: z.boolean(), mayReview: z.boolean(), maySupersede: z.boolean(), outcomes: z.array(z.enum(reviewOutcomes)),
  draft: z.object({ cause: z.string(), correction: z.string(), correctiveAction: z.string() }),
  latest: z.object({ id: z.string(), done: z.enum(doneness), cause: z.string(), correction: z.string(), correctiveAction: z.string() }).nullable(),
})
export const Raised = z.object({ findingId: z.string() })
export const Responded = z.object({ responseId: z.string() })
export const StepTaken = z.object({ stepId: z.string() })
export const Closed = z.object({ closureId: z.string(), outcome: z.enum([...closures, 'signed']) }) // signed: a second decision maker has yet to close it
export const Reviewed = z.object({ reviewId: z.string() })
/** What waits for a second person: verified zero-tolerance findings, the oldest first. */
export const ToClosePage = z.object({ findings: z.array(z.object({ id: Id, criterion: z.string(), titleJa: z.string(), titleEn: z.string(), nameJa: z.string(), nameEn: z.string(), verifiedAt: Instant, due: Instant.nullable(), overdue: z.boolean(),
  signed: z.object({ name: z.string(), at: Instant, mine: z.boolean() }).nullable() })) })
