import { and, eq, isNull, sql } from 'drizzle-orm'
import { dueDiligenceExports, dueDiligenceLines } from '../../schema/due-diligence.ts'
import { within, type Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { publishLog } from '../log/publish.ts'
import { signedProof } from '../proofs/proof.ts'
import { readProof } from '../proof/receipt.ts'
import type { World } from '../world.ts'
import { finish } from './finish.ts'
import type { Export } from './lines.ts'

const batch = { size: 100, atOnce: 4 } // the receipts of a batch are kept together: a run that dies signs at most these again

type Line = { nth: number; number: string | null; level: string | null }
type Checked = { nth: number; found: { number: string; level: string | null; receipt: string } | null }

/**
 * Job: asks the register for the next few suppliers of an export and queues itself again until all are asked; then it writes the files. What
 * was checked stands, so a run that dies, or runs twice, goes on where the lines end. Where the signer gives no more for now it fails and
 * tries again later.
 */
export async function exportDueDiligence(world: World, exportId: string): Promise<void> {
  const { db } = world.database
  const begun = await begin(world, exportId)
  if (!begun) return
  const open = await openLines(db, exportId)
  if (open.length === 0) return finish(world, begun)
  const { checked, failures } = await checkAll(world, open)
  if (checked.length === 0) throw failures[0]
  await within(db, async tx => {
    for (const line of checked) await keep(tx, exportId, line, world.now())
    await enqueueJob(tx, 'export_due_diligence', { exportId })
  })
}

// By which state of the public record the check begins: written down once, before the first supplier is asked.
async function begin(world: World, exportId: string): Promise<Export | undefined> {
  const { database: { db }, now } = world
  const [before] = await db.select().from(dueDiligenceExports).where(and(eq(dueDiligenceExports.id, exportId), isNull(dueDiligenceExports.doneAt)))
  if (!before || before.startedAt) return before
  const signed = await publishLog(world)
  await db.update(dueDiligenceExports).set({ startedAt: now(), checkpoint: signed?.note ?? null, checkpointSize: signed?.size ?? 0 }).where(and(eq(dueDiligenceExports.id, exportId), isNull(dueDiligenceExports.startedAt)))
  const [begun] = await db.select().from(dueDiligenceExports).where(eq(dueDiligenceExports.id, exportId))
  return begun
}

/** The newest certificate of each holder, in whatever standing. */
const openLines = async (db: Db, exportId: string): Promise<Line[]> => [...await db.execute<Line>(sql`
  select l.nth, r.number, r.tier as level from due_diligence_lines l
    left join lateral (select number, tier from register_entries where holder = l.holder order by cycle desc limit 1) r on true
  where l.export_id = ${exportId} and l.checked_at is null order by l.nth limit ${batch.size}`)]

async function checkAll(world: World, open: readonly Line[]) {
  const checked: Checked[] = [], failures: unknown[] = []
  const queue = [...open]
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await check(world, next).then(line => checked.push(line), error => failures.push(error))
  }
  await Promise.all(Array.from({ length: batch.atOnce }, worker))
  return { checked: checked.toSorted((one, other) => one.nth - other.nth), failures }
}

async function check(world: World, { nth, number, level }: Line): Promise<Checked> {
  const receipt = number ? await signedProof(world, number, { on: japanDate(world.now()), file: null }) : null
  return { nth, found: number && receipt ? { number, level, receipt } : null }
}

// What the list says of a supplier is what its receipt says, so that the two can never differ.
async function keep(tx: Db, exportId: string, { nth, found }: Checked, now: Date) {
  const proof = found && readProof(found.receipt)?.proof
  const said = proof ? { checkedAt: new Date(proof.askedAt), standing: proof.standing?.is ?? ('issuing' as const), standingSince: proof.standing?.since ?? null, expiresOn: proof.validity.until } : { checkedAt: now }
  await tx.update(dueDiligenceLines).set({ ...said, ...found }).where(and(eq(dueDiligenceLines.exportId, exportId), eq(dueDiligenceLines.nth, nth), isNull(dueDiligenceLines.checkedAt)))
}
