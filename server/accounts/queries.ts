import { asc, eq, sql } from 'drizzle-orm'
import { assessorOrganisations, memberships, people } from '../../schema/accounts.ts'
import { employers } from '../../schema/employers.ts'
import { within, type Db } from '../adapters/database.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

/** Everybody whom the development seed made, for one-click sign-in. */
export async function cast(db: Db) {
  const rows = await db.select({ id: people.id, name: people.name, email: people.email, locale: people.locale, staffRoles: people.staffRoles, employer: employers.nameJa,
    organisation: assessorOrganisations.nameJa }).from(people)
    .leftJoin(memberships, eq(memberships.personId, people.id)).leftJoin(employers, eq(employers.id, memberships.employerId))
    .leftJoin(assessorOrganisations, eq(assessorOrganisations.id, people.assessorOrganisationId))
    .where(sql`${people.name} <> '' and ${people.email} like '%.example'`).orderBy(asc(people.createdAt), asc(people.id)).limit(50)
  return rows.map(({ staffRoles, ...person }) => ({ ...person, roles: staffRoles.length > 0 ? staffRoles : ['applicant'] }))
}

export async function whoIs(db: Db, viewer: Viewer) {
  const [person] = await db.select({ id: people.id, name: people.name, email: people.email, locale: people.locale }).from(people).where(eq(people.id, viewer.personId))
  if (!person) throw new Error('the viewer has no person')
  return { ...person, roles: viewer.roles, employer: null, organisation: null }
}

export const saveProfile = (db: Db, viewer: Viewer, profile: { name: string; locale: string }) => within(db, async tx => {
  await tx.update(people).set(profile).where(eq(people.id, viewer.personId))
  await record(tx, { personId: viewer.personId, role: viewer.roles[0] ?? 'applicant' }, { operation: 'accounts.save_profile', subjectId: viewer.personId })
})
