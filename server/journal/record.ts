import { journal } from '../../schema/journal.ts'
import type { Db } from '../adapters/database.ts'
import { insertMany } from '../adapters/insert-many.ts'
import type { Actor } from '../domain/roles.ts'

/** Who acted, and in which request: goes with every write. */
export type By = { personId: string | null; role: Actor; requestId?: string | undefined }
type Entry = { operation: string; applicationId?: string; employerId?: string | null; subjectId?: string; before?: unknown; after?: unknown }

/** C33: one row beside every change, in its transaction. Never contents of documents, answers of workers or secrets. */
export async function record(tx: Db, by: By, entry: Entry): Promise<void> {
  await tx.insert(journal).values({ actorId: by.personId, actorRole: by.role, requestId: by.requestId ?? null, ...entry })
}

/** The same for many changes of one act, in one go. */
export async function recordAll(tx: Db, by: By, entries: readonly Entry[]): Promise<void> {
  await insertMany(tx, journal, entries.map(entry => ({ actorId: by.personId, actorRole: by.role, requestId: by.requestId ?? null, ...entry })))
}
