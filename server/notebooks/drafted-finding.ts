import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { FindingContent } from '../../schema/notebook-shapes.ts'
import { notebookVersions } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'

/** A finding as it was drafted on site: what the form to raise it begins with. It has no other home until somebody raises it. */
export async function draftedFinding(db: Db, applicationId: string, hash: string): Promise<z.infer<typeof FindingContent> | null> {
  const [row] = await db.select({ content: notebookVersions.content }).from(notebookVersions)
    .where(and(eq(notebookVersions.applicationId, applicationId), eq(notebookVersions.hash, hash), eq(notebookVersions.kind, 'finding')))
  return FindingContent.safeParse(row?.content).data ?? null
}
