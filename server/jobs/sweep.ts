import { and, eq, isNotNull, lt } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { certificateFiles } from '../../schema/certificates.ts'
import { documents } from '../../schema/documents.ts'
import { supplierLists } from '../../schema/lists.ts'
import { dueDiligenceFiles } from '../../schema/due-diligence.ts'
import { logFiles } from '../../schema/log.ts'
import { submissions } from '../../schema/journal.ts'
import { signInCodes, sessions } from '../../schema/accounts.ts'
import { within } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { dueSoon } from '../domain/deadlines.ts'
import { membersOf } from '../employers/queries.ts'
import { remindOfChanges } from '../changes/remind.ts'
import { remindOfFindings } from '../findings/remind.ts'
import { warnOfEndings } from '../health/warn.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { landLater } from '../notebooks/land-later.ts'
import { remindOfRemedies } from '../oversight/remind.ts'
import type { World } from '../world.ts'
import { dropSuperseded } from './stuck.ts'

const orphanHours = 24
const spoolDays = 30 // a phone that was half-way through a photo may be away for weeks

/** Hourly: reminds of what is due or ends, lands what waited for its day, removes what expired, and stored bytes that no row knows. Safe to run twice and at any time. */
export async function sweep(world: World): Promise<void> {
  await remind(world)
  await remindOfFindings(world)
  await remindOfRemedies(world)
  await remindOfChanges(world)
  await warnOfEndings(world)
  await landLater(world)
  await forget(world)
  await removeOrphans(world)
}

// The employer is reminded of its own moves (of findings: findings/remind.ts); the key makes each reminder go out once per due date.
async function remind({ database: { db }, now }: World) {
  const waiting = await db.select().from(applications).where(and(isNotNull(applications.dueAt), eq(applications.stage, 'clarifying')))
  for (const { id, employerId, stage, dueAt, scope } of waiting) {
    const days = dueAt && dueSoon(dueAt, now())
    if (!days) continue
    await within(db, async tx => {
      for (const { email, locale, personId } of await membersOf(tx, employerId)) {
        await enqueueMail(tx, {
          uniqueKey: `due_soon:${id}:${stage}:${dueAt.toISOString()}:${days}:${personId}`, toEmail: email, locale, template: 'due_soon', applicationId: id,
          params: { employer: scope?.nameJa ?? '', stage, due: japanDate(dueAt), days, url: `/applications/${id}` },
        })
      }
    })
  }
}

async function forget({ database: { db }, now }: World) {
  const dayAgo = new Date(now().getTime() - 24 * 3_600_000)
  await db.delete(sessions).where(lt(sessions.expiresAt, now()))
  await db.delete(signInCodes).where(lt(signInCodes.expiresAt, dayAgo))
  await db.delete(submissions).where(lt(submissions.at, dayAgo))
  await dropSuperseded(db)
}

// Bytes are stored first, the row second: what has no row after a day never will. Aborted multipart uploads cost money (peers.md i45).
async function removeOrphans({ database: { db }, documents: store, spool, now }: World) {
  await store.sweepUnfinished(new Date(now().getTime() - orphanHours * 3_600_000))
  await spool.sweep(new Date(now().getTime() - spoolDays * 24 * 3_600_000))
  for await (const { key, at } of store.list()) {
    if (now().getTime() - at.getTime() < orphanHours * 3_600_000) continue
    const known = await Promise.all([documents.key, certificateFiles.documentKey, logFiles.documentKey, supplierLists.documentKey, dueDiligenceFiles.documentKey].map(column =>
      db.select({ key: column }).from(column.table).where(eq(column, key)).limit(1)))
    if (known.flat().length === 0) await store.delete(key)
  }
}
