import { and, desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { applications } from '../../schema/applications.ts'
import { buyers } from '../../schema/buyers.ts'
import { certificates } from '../../schema/certificates.ts'
import { grants } from '../../schema/grants.ts'
import type { EmployerBuyersPage } from '../../schema/invitation-shapes.ts'
import { invitations } from '../../schema/invitations.ts'
import { sponsorships } from '../../schema/sponsorships.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { invitationState } from '../domain/invitations.ts'
import { mayEnd, sponsorshipState } from '../domain/sponsorships.ts'
import { progressOf } from '../invitations/progress.ts'

type Page = z.infer<typeof EmployerBuyersPage>
const buyer = { nameJa: buyers.nameJa, nameEn: buyers.nameEn }

/** The employer's side: buyers whose invitation it accepted, and those it named itself. No table of watchers is read here. */
export async function employerBuyersPage(db: Db, employerId: string | null, now: Date): Promise<Page> {
  if (!employerId) return { invitations: [], sponsorships: [], grants: [], hasSummary: false, known: false }
  const step = (await progressOf(db, [employerId], japanDate(now))).get(employerId)?.step ?? 'not_applied'
  return {
    invitations: await accepted(db, employerId, step, now), sponsorships: await offered(db, employerId), known: true, grants: await granted(db, employerId),
    hasSummary: await db.$count(certificates, and(eq(certificates.employerId, employerId), eq(certificates.state, 'issued'))) > 0,
  }
}

async function accepted(db: Db, employerId: string, step: Page['invitations'][number]['step'], now: Date): Promise<Page['invitations']> {
  const rows = await db.select({ invitation: invitations, buyer }).from(invitations).innerJoin(buyers, eq(buyers.id, invitations.buyerId)).where(eq(invitations.employerId, employerId)).orderBy(desc(invitations.answeredAt), desc(invitations.id)).limit(200)
  return rows.flatMap(({ invitation, buyer }) => (invitation.answeredAt ? [{ id: invitation.id, buyer, state: invitationState(invitation, now), answeredAt: invitation.answeredAt, viewEndedAt: invitation.viewEndedAt, step }] : []))
}

async function offered(db: Db, employerId: string): Promise<Page['sponsorships']> {
  const rows = await db.select({ row: sponsorships, buyer, submitted: sql<boolean>`${applications.submittedAt} is not null` }).from(sponsorships).innerJoin(invitations, eq(invitations.id, sponsorships.invitationId))
    .innerJoin(buyers, eq(buyers.id, sponsorships.buyerId)).leftJoin(applications, eq(applications.id, sponsorships.applicationId)).where(eq(invitations.employerId, employerId)).orderBy(desc(sponsorships.offeredAt), desc(sponsorships.id)).limit(200)
  return rows.map(({ row, buyer, submitted }) => {
    const state = sponsorshipState(row, submitted)
    return { id: row.id, buyer, terms: row.terms, state, offeredAt: row.offeredAt, answeredAt: row.answeredAt, endedAt: row.endedAt, endedBy: row.endedBy, mayEnd: state === 'accepted' && mayEnd(state) }
  })
}

const granted = (db: Db, employerId: string): Promise<Page['grants']> =>
  db.select({ id: grants.id, buyer, code: buyers.code, grantedAt: grants.grantedAt, withdrawnAt: grants.withdrawnAt }).from(grants).innerJoin(buyers, eq(buyers.id, grants.buyerId))
    .where(eq(grants.employerId, employerId)).orderBy(sql`${grants.withdrawnAt} is not null`, desc(grants.grantedAt), desc(grants.id)).limit(200)
