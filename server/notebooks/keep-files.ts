import { and, eq, inArray } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { notebookFiles } from '../../schema/notebooks.ts'
import { newId } from '../../schema/shared.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import { enterDocuments } from '../documents/keep.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { enqueueJobSoon } from '../jobs/enqueue.ts'
import { recordAll } from '../journal/record.ts'
import type { World } from '../world.ts'
import { carriedBy } from './carried.ts'
import type { Asked } from './files.ts'

/** A file whose bytes lie in the home of all documents under this key, and are what its version says. */
export type Whole = Asked & { key: string; size: number; type: string; extension: string }
type Files = readonly [Whole, ...Whole[]]

const settled_after_seconds = 10 // by then a day's photos are here, or come slowly: to land and to scan each by itself took longer than to send it

/** The rows of finished files of one audit, from one device, and the job that lands what waited for them. Says which keys are documents now: what is here already is kept once. */
export async function keepFiles(world: World, files: Files): Promise<ReadonlySet<string> | Refusal> {
  const { database: { db }, now } = world
  try {
    return await within(db, tx => enterAll(tx, files, now()))
  } catch (error) {
    if (violatedConstraint(error) === 'file_is_of_a_device_that_is_not_wiped') return { refused: 'device_wiped' } // ordered a moment ago
    if (!(error instanceof CameTwice)) throw error
    const known = await knownOf(db, files)
    const [first, ...rest] = files.filter(({ sha256 }) => !known.has(sha256))
    return first ? keepFiles(world, [first, ...rest]) : new Set()
  }
}

// Another device brought one of them in the same moment: its row stands, and ours are taken back.
class CameTwice extends Error {}

async function enterAll(tx: Db, files: Files, now: Date): Promise<ReadonlySet<string> | Refusal> {
  const [{ applicationId, device, viewer, requestId }] = files, by = { personId: viewer.personId, role: 'assessor' as const, requestId }
  const carried = await carriedBy(tx, applicationId, device, viewer, { lock: true })
  if (isRefusal(carried)) return carried
  if (carried.device.wipeOrderedAt) return { refused: 'device_wiped' }
  const employerId = carried.theCase?.employerId ?? await employerOf(tx, applicationId)
  const coming = files.map(file => ({ ...file, ...named(file), employerId, documentId: newId() }))
  await Promise.all([
    enterDocuments(tx, coming, { personId: viewer.personId, now }),
    enqueueJobSoon(tx, 'settle_arrived', { applicationId }, settled_after_seconds),
    recordAll(tx, by, coming.map(({ documentId, size }) => ({ operation: 'notebooks.file', applicationId, subjectId: documentId, after: { size } }))),
  ])
  const rows = coming.map(({ sha256, documentId }) => ({ applicationId, sha256, device, documentId, cameAt: now }))
  const entered = await tx.insert(notebookFiles).values(rows).onConflictDoNothing().returning({ sha256: notebookFiles.sha256 })
  if (entered.length < files.length) throw new CameTwice()
  return new Set(coming.map(({ key }) => key))
}

const employerOf = async (db: Db, applicationId: string): Promise<string> => (await db.select({ employerId: applications.employerId }).from(applications).where(eq(applications.id, applicationId)))[0]?.employerId ?? ''

async function knownOf(db: Db, files: Files): Promise<ReadonlySet<string>> {
  const rows = await db.select({ sha256: notebookFiles.sha256 }).from(notebookFiles).where(and(eq(notebookFiles.applicationId, files[0].applicationId), inArray(notebookFiles.sha256, files.map(({ sha256 }) => sha256))))
  return new Set(rows.map(({ sha256 }) => sha256))
}

function named({ type, sha256, extension }: Whole) {
  const purpose = type.startsWith('audio/') ? 'memo' as const : 'photo' as const
  return { purpose, name: `${purpose}-${sha256.slice(0, 12)}.${extension}` }
}
