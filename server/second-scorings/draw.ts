import { createHash, randomBytes } from 'node:crypto'
import { asc, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { applications } from '../../schema/applications.ts'
import { secondDraws, secondScorings } from '../../schema/second-scorings.ts'
import type { Drawn } from '../../schema/second-scoring-forms.ts'
import { newId } from '../../schema/shared.ts'
import type { Db } from '../adapters/database.ts'
import { shareOf } from '../domain/agreement.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'

export const share_percent = 10 // domain.md idea 10: blind double scoring of 10 % of files

/** Files whose desk review is done and that no draw has seen yet. */
export const undrawn = sql`${applications.stage}::text in ('visit_planned', 'correcting', 'awaiting_decision', 'certified', 'refused')
  and not exists (select from ${secondDraws} where ${applications.id} = any(${secondDraws.pool}))`

/**
 * C28: draws a tenth of what is waiting, by a seed on record, and gives each file to somebody without a hand in it or a tie to its client.
 * Whoever knows seed and pool can draw again: the order is that of SHA-256 over seed and file.
 */
export async function draw(tx: Db, { viewer, requestId, now }: { viewer: Viewer; requestId: string; now: Date }): Promise<z.infer<typeof Drawn> | Refusal> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('second_draws'))`)
  const pool = (await tx.select({ id: applications.id }).from(applications).where(undrawn).orderBy(asc(applications.id))).map(({ id }) => id)
  if (pool.length === 0) return { refused: 'nothing_to_change' }
  const drawId = newId(), seed = randomBytes(16).toString('hex')
  await tx.insert(secondDraws).values({ id: drawId, seed, pool, sharePercent: share_percent, drawnBy: viewer.personId, drawnAt: now })
  let drawn = 0
  for (const id of inOrderOf(seed, pool)) {
    if (drawn === shareOf(pool.length, share_percent)) break
    const scorerId = await scorerFor(tx, id, seed, now)
    if (!scorerId) continue // nobody without a hand in it: the next in the order takes its place
    await tx.insert(secondScorings).values({ drawId, applicationId: id, scorerId, assignedAt: now })
    drawn += 1
  }
  await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'second_scorings.draw', subjectId: drawId, after: { seed, pool: pool.length, drawn } })
  return { drawn, pool: pool.length, seed }
}

export const inOrderOf = (seed: string, ids: readonly string[]): string[] => ids.toSorted((one, other) => (hashOf(seed, one) < hashOf(seed, other) ? -1 : 1))
const hashOf = (seed: string, id: string) => createHash('sha256').update(`${seed}:${id}`).digest('hex')

async function scorerFor(tx: Db, applicationId: string, seed: string, now: Date): Promise<string | undefined> {
  const load = sql`(select count(*) from ${secondScorings} where ${secondScorings.scorerId} = ${people.id} and ${secondScorings.finishedAt} is null)`
  const [scorer] = await tx.select({ id: people.id }).from(people)
    .where(sql`'assessor' = any(${people.staffRoles}) and cardinality(parts_taken(${applicationId}::uuid, ${people.id})) = 0 and not is_tied(${people.id}, ${applicationId}::uuid, ${now.toISOString()}::timestamptz)`)
    .orderBy(asc(load), asc(sql`md5(${seed} || ${people.id}::text)`)).limit(1)
  return scorer?.id
}
