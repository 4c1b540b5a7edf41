import { and, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { CompetenceForm } from '../../schema/competence-forms.ts'
import { competences } from '../../schema/competences.ts'
import type { Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

type By = { viewer: Viewer; requestId: string; now: Date }
type Shown = Omit<z.infer<typeof CompetenceForm>, 'form' | 'once'>

/** C20: puts on record what an assessor has shown. Nobody attests themselves; Postgres says so too. */
export async function recordCompetence(tx: Db, personId: string, { kind, subject, evidence, obtainedOn, validUntil }: Shown, { viewer, requestId, now }: By): Promise<{ id: string } | Refusal> {
  const [person] = await tx.select({ id: people.id }).from(people).where(and(eq(people.id, personId), sql`'assessor' = any(${people.staffRoles})`))
  if (!person) return { refused: 'not_found' }
  if (personId === viewer.personId) return { refused: 'not_independent' }
  if (obtainedOn > viewer.today) return { refused: 'day_unusable' }
  const [row] = await tx.insert(competences).values({ personId, kind, subject, evidence, obtainedOn, validUntil, recordedBy: viewer.personId, recordedAt: now }).returning({ id: competences.id })
  if (!row) throw new Error('the competence just recorded is not there')
  await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'competences.record', subjectId: personId, after: { kind, subject, validUntil } })
  return row
}

/** It no longer counts, from now on; that it once did stays on record. */
export async function endCompetence(tx: Db, personId: string, id: string, { viewer, requestId, now }: By): Promise<{ id: string } | Refusal> {
  const [row] = await tx.update(competences).set({ endedAt: now, endedBy: viewer.personId }).where(and(eq(competences.id, id), eq(competences.personId, personId), isNull(competences.endedAt))).returning({ id: competences.id })
  if (!row) return { refused: 'not_found' }
  await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'competences.end', subjectId: personId, after: { competence: id } })
  return row
}
