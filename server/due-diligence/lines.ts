import { asc, eq } from 'drizzle-orm'
import { type dueDiligenceExports, dueDiligenceLines } from '../../schema/due-diligence.ts'
import type { Db } from '../adapters/database.ts'

export type Export = typeof dueDiligenceExports.$inferSelect
export type Line = typeof dueDiligenceLines.$inferSelect

export const linesOf = (db: Db, exportId: string): Promise<Line[]> => db.select().from(dueDiligenceLines).where(eq(dueDiligenceLines.exportId, exportId)).orderBy(asc(dueDiligenceLines.nth))
