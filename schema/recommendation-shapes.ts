import { z } from 'zod'
import { blocks } from '../server/domain/grading.ts'
import { CaseHead } from './case-head.ts'
import { FindingLine } from './finding-shapes.ts'
import { neededProse, oneOf, prose } from './forms.ts'
import { Instant, Once, Version } from './shared.ts'
import { VoiceCount } from './visit-shapes.ts'
import { feeAnswers } from './visits.ts'

export const recommendable = ['certify', 'refuse'] as const
export const RecommendationForm = z.object({
  outcome: oneOf(recommendable), summary: neededProse(6000), strengths: prose(4000).default(''), exclusions: prose(4000).default(''), version: Version, once: Once,
})

/** Before the word is given: the three gates as they stand, and what is in the way. */
export const RecommendationPage = z.object({
  head: CaseHead, mayWrite: z.boolean(),
  voice: VoiceCount, fees: z.object({ answer: z.enum(feeAnswers).nullable(), passed: z.boolean() }),
  blocks: z.array(z.object({ block: z.enum(blocks), findings: z.array(FindingLine) })),
  open: z.number(), closed: z.number(), onTheWay: z.object({ items: z.number(), files: z.number() }),
  written: z.object({ outcome: z.enum(recommendable), summary: z.string(), strengths: z.string(), exclusions: z.string(), writtenBy: z.string(), writtenAt: Instant }).nullable(),
})
export const Recommended = z.object({ recommendationId: z.string(), stage: z.string() })
