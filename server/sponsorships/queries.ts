import { and, desc, eq, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import { applications } from '../../schema/applications.ts'
import { certificates } from '../../schema/certificates.ts'
import { decisions } from '../../schema/decisions.ts'
import type { SponsoredStatus } from '../../schema/invitation-shapes.ts'
import { invitations } from '../../schema/invitations.ts'
import { sponsorships } from '../../schema/sponsorships.ts'
import { suppliers } from '../../schema/suppliers.ts'
import type { Db } from '../adapters/database.ts'
import { isLastDecision } from '../appeals/last-decision.ts'
import { japanDate } from '../domain/calendar.ts'
import { sponsoredStep, sponsorshipState } from '../domain/sponsorships.ts'

export type Sponsored = z.infer<typeof SponsoredStatus>

const columns = {
  id: sponsorships.id, supplier: suppliers.name, supplierId: suppliers.id, terms: sponsorships.terms, answer: sponsorships.answer, offeredAt: sponsorships.offeredAt, answeredAt: sponsorships.answeredAt,
  endedAt: sponsorships.endedAt, endedBy: sponsorships.endedBy, stage: applications.stage, submittedAt: applications.submittedAt, decidedAt: decisions.decidedAt, number: certificates.number, certificateState: certificates.state,
}

/** What this buyer offered, the newest first, each with the coarse status of its application. This one query is all that a sponsor ever reads of a case (peers.md i10, i11). */
export const sponsorshipsOf = (db: Db, buyerId: string, more?: SQL): Promise<Sponsored[]> =>
  db.select(columns).from(sponsorships).innerJoin(invitations, eq(invitations.id, sponsorships.invitationId)).innerJoin(suppliers, eq(suppliers.id, invitations.supplierId))
    .leftJoin(applications, eq(applications.id, sponsorships.applicationId)).leftJoin(decisions, and(eq(decisions.applicationId, applications.id), isLastDecision)).leftJoin(certificates, eq(certificates.applicationId, applications.id))
    .where(and(eq(sponsorships.buyerId, buyerId), more)).orderBy(desc(sponsorships.offeredAt), desc(sponsorships.id)).limit(200).then(rows => rows.map(coarse))

type Row = Omit<Sponsored, 'state' | 'step' | 'submittedOn' | 'decidedOn' | 'certificate'> & {
  answer: 'accepted' | 'declined' | null; stage: Parameters<typeof sponsoredStep>[0]; submittedAt: Date | null; decidedAt: Date | null; number: string | null; certificateState: 'issuing' | 'issued' | null
}

// After an end the window is shut; of an application that was never handed in nothing is told but that it is being prepared.
function coarse({ answer, stage, submittedAt, decidedAt, number, certificateState, ...row }: Row): Sponsored {
  const state = sponsorshipState({ answer, endedAt: row.endedAt }, submittedAt !== null), open = state === 'accepted' || state === 'used'
  return {
    ...row, state, step: open ? sponsoredStep(stage) : null, submittedOn: open && submittedAt ? japanDate(submittedAt) : null, decidedOn: open && decidedAt ? japanDate(decidedAt) : null,
    certificate: open && certificateState === 'issued' ? number : null,
  }
}
