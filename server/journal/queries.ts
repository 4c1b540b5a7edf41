import { and, desc, eq, lt } from 'drizzle-orm'
import { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { journal } from '../../schema/journal.ts'
import type { Trail } from '../../schema/journal-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { headOf } from '../applications/case-as.ts'
import { findCase } from '../applications/case.ts'
import { stages } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { knows } from '../http/locale.ts'
import type { Viewer } from '../http/viewer.ts'

const entries_a_page = 50

/** C33: who did what in a case, newest first. `before` is the last entry of the page before. */
export async function trailOf(db: Db, id: string, viewer: Viewer, { before, now }: { before: number | undefined; now: Date }): Promise<z.infer<typeof Trail> | Refusal> {
  const theCase = await findCase(db, id, viewer)
  if (isRefusal(theCase)) return theCase
  const rows = await db.select({ entry: journal, actor: people.name }).from(journal).leftJoin(people, eq(people.id, journal.actorId))
    .where(and(eq(journal.applicationId, id), before === undefined ? undefined : lt(journal.id, before))).orderBy(desc(journal.id)).limit(entries_a_page + 1)
  const entries = rows.slice(0, entries_a_page).map(({ entry, actor }) => ({
    id: entry.id, at: entry.at, actor, role: entry.actorRole, operation: entry.operation, named: knows('ja', `journal.${entry.operation}`), subjectId: entry.subjectId,
    ...changeOf(entry.before, entry.after), requestId: entry.requestId,
  }))
  return { application: headOf(theCase, now), entries, older: rows.length > entries_a_page ? entries.at(-1)?.id ?? null : null }
}

const Staged = z.strictObject({ stage: z.enum(stages) })

/** A step of the lifecycle is told in its own words, any other change by its fields. */
function changeOf(before: unknown, after: unknown) {
  const [from, to] = [Staged.safeParse(before), Staged.safeParse(after)]
  if (from.success && to.success) return { moved: { from: from.data.stage, to: to.data.stage }, before: null, after: null }
  return { moved: null, before: inWords(before), after: inWords(after) }
}

/** stage: submitted, reasons: … */
const inWords = (change: unknown): string | null =>
  typeof change === 'object' && change !== null ? Object.entries(change).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join('、') : null
