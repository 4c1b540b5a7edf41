import { z } from 'zod'
import { readShare } from '../server/domain/effort.ts'
import { grades } from '../server/domain/grading.ts'
import { readRange } from '../server/domain/ranges.ts'
import { readInterviewRule, readLeastInterviews } from '../server/domain/sampling.ts'

// The rules beside the criteria: grading, effort, sampling. A cell that the domain cannot read is a fault of the file.
const words = z.string().trim().min(1)
const whole = z.number().int().min(0)

const readable = <Cell extends string | number>(read: (cell: Cell) => unknown) => (cell: Cell) => {
  try {
    read(cell)
    return true
  } catch {
    return false
  }
}

const range = words.refine(readable(readRange), 'is not a range such as 11-50 or 251+')

const Clock = z.strictObject({
  grade: z.enum(grades),
  effect: words,
  alertHours: whole.optional(),
  workerProtectionPlanHours: whole.optional(),
  containmentDays: whole.optional(),
  remediationVerifiedDays: whole.optional(),
  planDays: whole.optional(),
  evidenceDays: whole.optional(),
  verifyDaysAfterEvidence: whole.optional(),
})

export const Grading = z.strictObject({
  status: words,
  findingGrades: z.array(Clock),
  escalation: z.array(words),
  decisionRule: z.strictObject({
    openZeroTolerance: whole, openMajor: whole, maxOpenMinor: whole, workerVoiceGate: words, feeGate: words, decisionMaker: words,
  }),
  validityMonths: whole.min(1),
  surveillance: z.strictObject({
    firstDueMonths: whole, intervalMonths: whole, unannouncedPerCycleMin: whole, workerSurveyPerYear: whole,
    postInterviewRetaliationChecksDays: z.array(whole),
  }),
  suspensionMaxMonths: whole,
  reapplyAfterWithdrawalMonths: whole,
  appeal: z.strictObject({ fileWithinDays: whole, decideWithinDays: whole, panel: words }),
  complaint: z.strictObject({ acknowledgeBusinessDays: whole, firstReplyDays: whole }),
  tiers: z.array(z.strictObject({
    code: z.string().regex(/^T\d$/), nameEn: words, nameJa: words, publicClaim: z.union([z.boolean(), words]), rule: words.optional(),
  })).min(1),
})

export const AuditEffort = z.strictObject({
  note: words,
  onSitePersonDays: z.array(z.strictObject({ workers: range, days: z.number().positive(), deskDays: z.number().positive() })).min(1),
  addOns: z.strictObject({
    eachExtraHousingSite: z.number().positive(),
    eachExtraLanguageInterpreter: z.number().positive(),
    nightShift: z.number().positive(),
    secondSiteSameLawUnit: words.refine(readable(readShare), 'is not a share such as 60% of table'),
  }),
  surveillanceFactor: z.number().positive(),
  recertificationFactor: z.number().positive(),
  amforiBsciComparison: z.array(z.strictObject({
    workers: range,
    manDays: z.number().positive(),
    interviews: words.refine(readable(readLeastInterviews), 'is not a number of interviews such as 5-10 or >30'),
  })).min(1),
})

export const InterviewSampling = z.strictObject({
  note: words,
  foreignWorkerInterviews: z.array(z.strictObject({
    foreignWorkers: range,
    interviews: z.union([words, whole]).refine(readable(readInterviewRule), 'is not an interview rule'),
  })).min(1),
  rules: z.array(words),
})
