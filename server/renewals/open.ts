import { eq } from 'drizzle-orm'
import { certificates } from '../../schema/certificates.ts'
import type { Db } from '../adapters/database.ts'
import { openApplication } from '../applications/open.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { mayRenew } from '../domain/renewal.ts'
import type { Viewer } from '../http/viewer.ts'
import { headOf } from '../standing-decisions/queries.ts'
import { carryOver } from './carry-over.ts'

type Renewing = { certificateId: string; viewer: Viewer; requestId: string; now: Date }

/** The holder applies for the next cycle: a new case that names the certificate it renews, with the answers and the evidence of the last one and their age. */
export async function renewCertificate(tx: Db, { certificateId, viewer, requestId, now }: Renewing): Promise<{ id: string; answers: number; documents: number } | Refusal> {
  await tx.select({ id: certificates.id }).from(certificates).where(eq(certificates.id, certificateId)).for('update')
  const head = await headOf(tx, certificateId, viewer.personId, viewer.today)
  if (!head || head.employerId !== viewer.employerId) return { refused: 'not_found' }
  const refused = mayRenew(head, viewer.today)
  if (refused) return refused
  const opened = await openApplication(tx, viewer, requestId, now, certificateId)
  if (isRefusal(opened)) return opened
  return { id: opened.id, ...await carryOver(tx, { from: head.applicationId, to: opened.id, personId: viewer.personId, now }) }
}
