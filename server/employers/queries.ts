import { asc, eq } from 'drizzle-orm'
import { memberships, people } from '../../schema/accounts.ts'
import type { Scope } from '../../schema/applications.ts'
import { employerPopulations, employers, employerSites } from '../../schema/employers.ts'
import type { Db } from '../adapters/database.ts'
import { missingFrom, type ProfileField } from '../domain/profile.ts'

/** The company as it speaks of itself now; a bug when there is none. */
export async function scopeOf(db: Db, employerId: string): Promise<Scope> {
  const employer = await employerById(db, employerId)
  const { sites, populations } = await peopleAndPlaces(db, employerId)
  const { nameJa, nameKana, nameLatin, corporateNumber, prefecture, addressJa, industry, workers } = employer
  return {
    nameJa, nameKana, nameLatin, corporateNumber: corporateNumber ?? '', prefecture, addressJa, industry, workers,
    foreignWorkers: populations.reduce((sum, { people }) => sum + people, 0),
    populations: populations.map(({ nationality, residenceStatus, people }) => ({ nationality, residenceStatus, people })),
    sites,
  }
}

/** Which parts of the company's own description are still missing: keys of `employers.missing_*`. */
export const missingFromProfile = async (db: Db, employerId: string): Promise<ProfileField[]> => missingFrom(await scopeOf(db, employerId))

/** Everybody who acts for the employer, and the language in which they want mail. */
export const membersOf = (db: Db, employerId: string): Promise<{ email: string; locale: string; personId: string }[]> =>
  db.select({ email: people.email, locale: people.locale, personId: people.id }).from(memberships).innerJoin(people, eq(people.id, memberships.personId))
    .where(eq(memberships.employerId, employerId)).orderBy(asc(memberships.since))

export async function employerById(db: Db, employerId: string) {
  const [employer] = await db.select().from(employers).where(eq(employers.id, employerId))
  if (!employer) throw new Error(`no employer ${employerId}`)
  return employer
}

export async function peopleAndPlaces(db: Db, employerId: string) {
  const { id, kind, nameJa, addressJa, people: there } = employerSites
  return {
    sites: await db.select({ id, kind, nameJa, addressJa, people: there }).from(employerSites).where(eq(employerSites.employerId, employerId)).orderBy(asc(employerSites.createdAt), asc(id)),
    populations: await db.select().from(employerPopulations).where(eq(employerPopulations.employerId, employerId)).orderBy(asc(employerPopulations.id)),
  }
}
