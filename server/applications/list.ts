import { desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { ApplicationList } from '../../schema/application-shapes.ts'
import { applications } from '../../schema/applications.ts'
import { unsignedAgreements } from '../agreements/queries.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { isOpen } from '../domain/lifecycle.ts'
import { employerById, missingFromProfile } from '../employers/queries.ts'
import { standardInForce } from '../standard/queries.ts'
import { nextMove } from './next-move.ts'

/** The employer's applications, newest first, and what to do next when there is none. */
export async function applicationList(db: Db, employerId: string | null, now: Date): Promise<z.infer<typeof ApplicationList>> {
  const { code, version, id: standardId } = await standardInForce(db, japanDate(now))
  const standard = { code, version }
  if (!employerId) return { company: '', missing: 0, unsigned: 0, mayOpen: false, standard, applications: [] }
  const rows = await db.select().from(applications).where(eq(applications.employerId, employerId)).orderBy(desc(applications.openedAt))
  const listed = []
  for (const row of rows) listed.push({ ...row, next: await nextMove(db, { ...row, held: ['applicant'] }, now) })
  return {
    company: (await employerById(db, employerId)).nameJa, missing: (await missingFromProfile(db, employerId)).length, unsigned: (await unsignedAgreements(db, employerId)).length,
    mayOpen: !rows.some(row => row.standardId === standardId && isOpen(row.stage)), standard, applications: listed,
  }
}
