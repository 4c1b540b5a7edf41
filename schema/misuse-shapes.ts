import { z } from 'zod'
import { misuseStates, misuseSteps } from '../server/domain/misuse.ts'
import { standings } from '../server/domain/standing.ts'
import { PublicCertificate } from './certificate-shapes.ts'
import { day, line, neededLine, neededProse, oneOf, prose } from './forms.ts'
import { misuseKinds } from './misuse-reports.ts'
import { Id, Instant, LegalDate, Once } from './shared.ts'

const orNothing = <Shape extends z.ZodType>(shape: Shape) => z.preprocess(value => (value === '' ? undefined : value), shape.optional()).transform(value => value ?? null)
const Sha256 = z.string().trim().toLowerCase().regex(/^[0-9a-f]{64}$/, 'field_format')

/** C23: anybody may tell, nobody has to give a name. */
export const MisuseForm = z.object({
  kind: oneOf(misuseKinds), seenWhere: neededLine(300), seenOn: orNothing(day()), account: neededProse(4000),
  contact: line(200).default('').transform(text => text || null), fileSha256: orNothing(Sha256), once: Once,
})
export const MisuseQuery = z.object({ file: Sha256.optional().catch(undefined) })
const Certificate = PublicCertificate.pick({ number: true, holder: true, standing: true, since: true, expiresOn: true })
/** `number` as it is known or was typed; null for something that has none. */
export const MisusePage = z.object({ number: z.string().nullable(), at: z.string(), certificate: Certificate.nullable(), file: z.string().nullable(), today: LegalDate })
export const MisuseReported = z.object({ reference: z.string(), number: z.string().nullable(), at: z.string(), mayBeAnswered: z.boolean(), takenUpBy: LegalDate, answeredBy: LegalDate })

const Line = z.object({
  id: Id, reference: z.string(), number: z.string(), holderJa: z.string().nullable(), holderLatin: z.string().nullable(), kind: z.enum(misuseKinds), state: z.enum(misuseStates),
  reportedAt: Instant, days: z.number(), takenUpBy: LegalDate, overdue: z.boolean(),
})
export const MisuseReportsPage = z.object({ reports: z.array(Line), open: z.number(), overdue: z.number(), more: z.boolean() })

const PageSaid = z.object({ standing: z.enum(standings), since: LegalDate, asOf: LegalDate, sha256: z.string(), checkpoint: z.string().nullable() })
export const MisuseReportPage = Line.extend({
  seenWhere: z.string(), seenOn: LegalDate.nullable(), account: z.string(), contact: z.string().nullable(), answeredBy: LegalDate,
  file: z.object({ sha256: z.string(), edition: z.number().nullable() }).nullable(), pageSaid: PageSaid.nullable(),
  certificate: PublicCertificate.pick({ number: true, holder: true, standing: true, since: true, expiresOn: true, history: true }).nullable(), applicationId: Id.nullable(),
  steps: z.array(z.object({ step: z.enum(misuseSteps), note: z.string(), by: z.string(), at: Instant })), choices: z.array(z.enum(misuseSteps)),
})
export const MisuseStepForm = z.object({ step: oneOf(misuseSteps), note: prose(4000).default(''), once: Once })
  .refine(({ step, note }) => step === 'taken_up' || note !== '', { path: ['note'], error: 'field_missing' })
export const MisuseStepTaken = z.object({ stepId: Id })
