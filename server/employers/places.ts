import { and, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { PopulationForm, SiteForm } from '../../schema/employer-shapes.ts'
import { employerPopulations, employers, employerSites } from '../../schema/employers.ts'
import type { Db } from '../adapters/database.ts'
import type { CalendarDate } from '../domain/calendar.ts'
import type { Refusal } from '../domain/refusal.ts'
import { statusesOn } from '../domain/residence-statuses.ts'
import { record } from '../journal/record.ts'
import { ownEmployer, type Writer } from './save.ts'

const most_rows = 200

type Outcome = Promise<{ id: string } | Refusal>
type Site = Pick<z.infer<typeof SiteForm>, 'kind' | 'nameJa' | 'addressJa' | 'people'>
type Population = Pick<z.infer<typeof PopulationForm>, 'nationality' | 'residenceStatus' | 'people'>

export async function addSite(tx: Db, writer: Writer, { kind, nameJa, addressJa, people }: Site): Outcome {
  const employerId = await lockedEmployer(tx, writer)
  if (!employerId) return { refused: 'needs', missing: ['profile_complete'] }
  if (await tx.$count(employerSites, eq(employerSites.employerId, employerId)) >= most_rows) return { refused: 'invalid' }
  const [site] = await tx.insert(employerSites).values({ employerId, kind, nameJa, addressJa, people }).returning({ id: employerSites.id })
  return recorded(tx, writer, 'employers.add_site', employerId, site, { after: { kind, nameJa, addressJa, people } })
}

export async function removeSite(tx: Db, writer: Writer, id: string): Outcome {
  const employerId = await lockedEmployer(tx, writer)
  if (!employerId) return { refused: 'not_found' }
  const [before] = await tx.delete(employerSites).where(and(eq(employerSites.id, id), eq(employerSites.employerId, employerId))).returning()
  return recorded(tx, writer, 'employers.remove_site', employerId, before, { before })
}

/** A count of people by nationality and status; counting the same pair again corrects it. */
export async function countPopulation(tx: Db, writer: Writer, { nationality, residenceStatus, people }: Population, today: CalendarDate): Outcome {
  const employerId = await lockedEmployer(tx, writer)
  if (!employerId) return { refused: 'needs', missing: ['profile_complete'] }
  if (!statusesOn(today).some(({ value }) => value === residenceStatus)) return { refused: 'invalid' }
  const [row] = await tx.insert(employerPopulations).values({ employerId, nationality, residenceStatus, people })
    .onConflictDoUpdate({ target: [employerPopulations.employerId, employerPopulations.nationality, employerPopulations.residenceStatus], set: { people: sql`excluded.people` } })
    .returning({ id: employerPopulations.id })
  return recorded(tx, writer, 'employers.count_population', employerId, row, { after: { nationality, residenceStatus, people } })
}

export async function removePopulation(tx: Db, writer: Writer, id: string): Outcome {
  const employerId = await lockedEmployer(tx, writer)
  if (!employerId) return { refused: 'not_found' }
  const [before] = await tx.delete(employerPopulations).where(and(eq(employerPopulations.id, id), eq(employerPopulations.employerId, employerId))).returning()
  return recorded(tx, writer, 'employers.remove_population', employerId, before, { before })
}

async function lockedEmployer(tx: Db, { personId }: Writer): Promise<string | null> {
  const employerId = await ownEmployer(tx, personId)
  if (employerId) await tx.select({ id: employers.id }).from(employers).where(eq(employers.id, employerId)).for('update')
  return employerId
}

async function recorded(tx: Db, { personId, requestId }: Writer, operation: string, employerId: string, row: { id: string } | undefined, change: { before?: unknown; after?: unknown }): Outcome {
  if (!row) return { refused: 'not_found' }
  await record(tx, { personId, role: 'applicant', requestId }, { operation, employerId, subjectId: row.id, ...change })
  return { id: row.id }
}
