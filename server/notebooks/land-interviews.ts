import { and, eq, inArray, sql } from 'drizzle-orm'
import { InterviewForm } from '../../schema/interview-shapes.ts'
import { InterviewContent } from '../../schema/notebook-shapes.ts'
import { notebookLandings, notebookVersions } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { namesSomebody } from '../domain/anonymity.ts'
import { japanDate } from '../domain/calendar.ts'
import { heads } from '../domain/notebook.ts'
import { isRefusal } from '../domain/refusal.ts'
import { writeInterview } from '../interviews/keep.ts'
import { versionOf } from './versions.ts'
import type { Landed, Waiting, When } from './waiting.ts'

type Known = Pick<Case, 'id' | 'employerId' | 'stage'>

/** Interviews are append-only: of an item only the version lands that stands, once. What corrects or strikes it later is shown in the notebook. */
export async function landInterviews(tx: Db, theCase: Known, waiting: readonly Waiting[], when: When): Promise<Landed[]> {
  if (theCase.stage !== 'visit_planned' || waiting.length === 0) return []
  const standing = await standingIn(tx, theCase.id, waiting.map(({ item }) => item))
  const landed: Landed[] = []
  for (const version of waiting.filter(({ hash }) => standing.has(hash))) {
    const outcome = await landOne(tx, theCase, version, when)
    if (outcome) landed.push({ hash: version.hash, ...outcome })
  }
  return landed
}

// Null: a day that has not come yet by our clock, from a device whose clock is ahead. It waits (land-later.ts).
async function landOne(tx: Db, theCase: Known, { content, writtenBy }: Waiting, when: When): Promise<Omit<Landed, 'hash'> | null> {
  const read = InterviewContent.safeParse(content)
  const form = read.success ? InterviewForm.safeParse(read.data) : null
  if (!form?.success) return { landed: read.success && namesSomebody(read.data.notes) ? 'names' : 'unfit' }
  const kept = await writeInterview(tx, theCase, form.data, { personId: writtenBy, ...when })
  if (!isRefusal(kept)) return { landed: 'interview', interviewId: kept.interviewId }
  if (kept.refused === 'already_exists') return { landed: 'clash' }
  return form.data.heldOn <= japanDate(when.now) ? { landed: 'before_visit' } : null
}

// The one head of each item that has not landed yet. A struck head lands nothing; of two heads neither does before somebody wrote one over both.
async function standingIn(tx: Db, applicationId: string, items: readonly string[]): Promise<Set<string>> {
  const rows = await tx.select({ version: notebookVersions, landed: notebookLandings.landed }).from(notebookVersions)
    .leftJoin(notebookLandings, sql`${notebookLandings.applicationId} = ${notebookVersions.applicationId} and ${notebookLandings.hash} = ${notebookVersions.hash}`)
    .where(and(eq(notebookVersions.applicationId, applicationId), eq(notebookVersions.arrived, 'merged'), inArray(notebookVersions.item, [...new Set(items)])))
  const versions = new Map(rows.map(({ version }) => [version.hash, versionOf(version)])), home = new Set(rows.flatMap(({ version, landed }) => (landed === 'interview' ? [version.item] : [])))
  return new Set([...heads(versions)].flatMap(([item, [head, other]]) => (head && !other && !versions.get(head)?.struck && !home.has(item) ? [head] : [])))
}
