import { countDistinct, eq } from 'drizzle-orm'
import { notebookVersions } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'

/** How many items devices have brought home to this case, late ones included. */
export async function itemsCount(db: Db, applicationId: string): Promise<number> {
  const [row] = await db.select({ items: countDistinct(notebookVersions.item) }).from(notebookVersions).where(eq(notebookVersions.applicationId, applicationId))
  return row?.items ?? 0
}
