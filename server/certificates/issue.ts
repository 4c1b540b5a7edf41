import { eq } from 'drizzle-orm'
import { certificates } from '../../schema/certificates.ts'
import { within } from '../adapters/database.ts'
import { record } from '../journal/record.ts'
import { tellFirstCondition } from '../standing-decisions/first-condition.ts'
import type { World } from '../world.ts'
import { sealEdition, tellOf } from './edition.ts'

/**
 * Job: seals the first edition, then publishes file, event, line of the log and journal row in one transaction (decisions.md 14).
 * Any step may die and be repeated: one certificate, one number, one file; a dead attempt leaves at most bytes that the sweep removes.
 */
export async function issueCertificate(world: World, certificateId: string): Promise<void> {
  const { database: { db }, documents: store } = world
  const [reserved] = await db.select().from(certificates).where(eq(certificates.id, certificateId))
  if (!reserved || reserved.state === 'issued') return
  const { id, number, applicationId, employerId, issuedOn, statement } = reserved
  const file = await sealEdition(world, reserved, statement)
  const published = await within(db, async tx => {
    if (!await tellOf(tx, file, { event: 'issued', on: issuedOn, actor: 'clock' })) return false
    await tx.update(certificates).set({ state: 'issued' }).where(eq(certificates.id, id))
    await record(tx, { personId: null, role: 'clock' }, {
      operation: 'certificates.issue', applicationId, employerId, subjectId: id, after: { number, sha256: file.sha256, size: file.size, keyId: file.keyId },
    })
    await tellFirstCondition(tx, reserved, file.sealedAt)
    return true
  })
  if (!published) await store.delete(file.documentKey) // another run of the job was faster
}
