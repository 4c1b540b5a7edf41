import { eq } from 'drizzle-orm'
import { certificates } from '../../schema/certificates.ts'
import { within, type Db } from '../adapters/database.ts'
import { sealEdition, tellOf } from '../certificates/edition.ts'
import { japanDate, type CalendarDate } from '../domain/calendar.ts'
import { changesFrom } from '../domain/standing-changes.ts'
import { record } from '../journal/record.ts'
import type { World } from '../world.ts'
import { headOf, sitesOf, without } from './queries.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * Job: the edition that no longer names the sites which decisions took off this certificate. What is left to do is read from the newest edition
 * itself, so a run that dies, runs twice, or meets another order to issue again comes to one edition; no file is made of what has ended.
 */
export async function reduceScope(world: World, certificateId: string): Promise<void> {
  const { database: { db }, documents: store, now, publicUrl } = world
  const [certificate] = await db.select().from(certificates).where(eq(certificates.id, certificateId))
  const said = await sitesOf(db, certificateId)
  if (!certificate || !said) throw new Error(`certificate ${certificateId} is not there`)
  const sites = without(said.statement.sites, said.removed), today = japanDate(now()), { applicationId, employerId, number } = certificate
  if (sites.length === said.statement.sites.length || !await isAlive(db, certificateId, today)) return
  const file = await sealEdition(world, certificate, { ...said.statement, sites, edition: said.edition + 1, verifyUrl: `${publicUrl}/c/${number}` }, now())
  const outcome = await within(db, async tx => {
    await tx.select({ id: certificates.id }).from(certificates).where(eq(certificates.id, certificateId)).for('update')
    if (!await isAlive(tx, certificateId, today)) return 'ended' // while it was sealed
    if (!await tellOf(tx, file, { event: 'reissued', on: today, actor: 'operator' })) return 'overtaken'
    await record(tx, { personId: null, role: 'clock' }, { operation: 'standing_decisions.reduce_scope', applicationId, employerId, subjectId: certificateId, after: { edition: file.edition, sha256: file.sha256 } })
    return 'told'
  })
  if (outcome !== 'told') await store.delete(file.documentKey)
  if (outcome === 'overtaken') return reduceScope(world, certificateId) // by another run, or by an edition that still names them
}

// Whoever may still give it back holds a certificate that has not ended.
const isAlive = async (db: Db, certificateId: string, today: CalendarDate) => {
  const head = await headOf(db, certificateId, nobody, today)
  return head !== undefined && changesFrom(head.standing, 'applicant').length > 0
}
