import type { z } from 'zod'
import type { WorkerQuestions as QuestionsShape } from '../../schema/standard-questions.ts'
import type { Audits as AuditsShape, Bundle as BundleShape, Synced as SyncedShape } from '../../schema/notebook-shapes.ts'

// What travels, as types only (instants are text here): the shapes themselves stay on the server.
export type Synced = z.input<typeof SyncedShape>
export type Bundle = z.input<typeof BundleShape>
export type ListedAudit = z.input<typeof AuditsShape>['audits'][number]
export type SpokenQuestions = z.input<typeof QuestionsShape>
