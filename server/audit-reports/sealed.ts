import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Scope } from '../../schema/applications.ts'
import type { ratingValues } from '../../schema/assessments.ts'
import type { Calculation } from '../../schema/visit-shapes.ts'
import { asOfOneMoment, type Db } from '../adapters/database.ts'
import type { Closure, Done, ReviewOutcome } from '../domain/findings.ts'
import type { Grade } from '../domain/grading.ts'
import type { ItemFile, ItemKind } from '../domain/notebook.ts'
import type { PhotoConsent } from '../domain/photo-consent.ts'

// The rows of the dossier as they were sealed, under their own names: what came later is no part of a report of what was decided on.
export type SealedRows = {
  application: { id: string; cycle: number; submitted_at: string; scope: Scope }
  standard: { id: string; version: string; source_sha256: string }
  answers: { criterion: string; answer: string | null }
  ratings: { criterion: string; rating: (typeof ratingValues)[number]; note: string }
  visits: { starts_on: string; ends_on: string; held_on: string | null; site_ids: string[]; team: string; person_days: number; interviews_planned: number; calculation: z.infer<typeof Calculation>; justification: string }
  numbers: { edition: number; person_days: number; reckoned_days: number | null; interviews_planned: number; reckoned_interviews: number | null; justification: string }
  notes: { id: string; criterion: string; note: string; photo_id: string | null; written_at: string }
  interviews: { form: string; people: number }
  meetings: { id: string; kind: 'opening' | 'closing'; held_at: string; disagreements: string; written_at: string }
  documents: { id: string; purpose: string; name: string; size: number; sha256: string; type: string }
  consents: { document_id: string; consent: PhotoConsent }
  notebook: { hash: string; item: string; kind: ItemKind; content: unknown; files: ItemFile[]; over: string[]; struck: boolean; device_at: string }
  notebook_files: { sha256: string; document_id: string | null }
  landings: { hash: string; note_id: string | null }
  findings: { id: string; criterion: string; grade: Grade; statement: string; evidence_reference: string; raised_at: string; verified_due: string | null; supersedes: string | null }
  responses: { id: string; finding_id: string; cause: string; correction: string; corrective_action: string; done: Done; responded_at: string }
  reviews: { id: string; finding_id: string; response_id: string; outcome: ReviewOutcome; reviewed_at: string }
  closures: { finding_id: string; review_id: string; outcome: Closure; closed_at: string }
  recommendations: { outcome: 'certify' | 'refuse'; summary: string; strengths: string; exclusions: string; written_at: string }
}
type Kind = keyof SealedRows

export type SealedFile = { sha256: string; sealedAt: Date; logSeq: number; of: <K extends Kind>(kind: K) => SealedRows[K][]; unscanned: string[] }

/** The sealed file of a case; null when nothing was sealed, or when what was sealed is not there any more as it was. */
export const sealedFile = (db: Db, id: string): Promise<SealedFile | null> => asOfOneMoment(db, async tx => {
  const [seal] = await tx.execute<{ sha256: string; sealedAt: string; logSeq: number; altered: boolean }>(sql`
    select sha256, sealed_at as "sealedAt", log_seq::int as "logSeq", exists (select from dossier_differences(application_id) where change <> 'added') as altered from dossiers where application_id = ${id}`)
  if (!seal || seal.altered) return null
  const rows = await tx.execute<{ part: string; content: never }>(sql`
    select r.part, r.content from dossier_rows(${id}) r join dossiers d on d.application_id = ${id} and d.parts ? r.part order by r.part collate "C"`)
  const unscanned = await tx.execute<{ name: string }>(sql`select name from documents where application_id = ${id} and scan not in ('clean', 'unscanned') and purpose not in ('photo', 'memo')
    and exists (select from dossiers d where d.application_id = ${id} and d.parts ? ('documents/' || documents.id)) order by uploaded_at, id`)
  const of = <K extends Kind>(kind: K): SealedRows[K][] => rows.filter(({ part }) => part === kind || part.startsWith(`${kind}/`)).map(({ content }) => content)
  return { ...seal, sealedAt: new Date(seal.sealedAt), of, unscanned: unscanned.map(({ name }) => name) }
})
