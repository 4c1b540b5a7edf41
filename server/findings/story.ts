import { eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { FindingPage } from '../../schema/finding-shapes.ts'
import { findingClock } from '../../schema/findings.ts'
import type { Db } from '../adapters/database.ts'
import type { Finding } from './queries.ts'

type Entry = z.infer<typeof FindingPage>['entries'][number]
const bare = { note: '', cause: '', correction: '', correctiveAction: '' }
const order: readonly Entry['kind'][] = ['clock', 'closure', 'review', 'step', 'response'] // of one moment, the later first

/** Everything that happened about a finding, the newest first: answers, steps, words on them, and what the clock did. */
export async function entriesOf(db: Db, { id, responses, reviews, steps, closings }: Finding): Promise<Entry[]> {
  const ids = [...responses.map(({ respondedBy }) => respondedBy), ...reviews.map(({ reviewedBy }) => reviewedBy), ...steps.map(({ takenBy }) => takenBy), ...closings.map(({ closedBy }) => closedBy)]
  const names = ids.length > 0 ? await db.select({ id: people.id, name: people.name }).from(people).where(inArray(people.id, ids)) : []
  const nameOf = (personId: string) => names.find(person => person.id === personId)?.name ?? ''
  const ticks = await db.select().from(findingClock).where(eq(findingClock.findingId, id))
  const told: Entry[] = [
    ...responses.map(({ respondedAt, respondedBy, done, cause, correction, correctiveAction }) => ({ kind: 'response' as const, at: respondedAt, who: nameOf(respondedBy), outcome: done, note: '', cause, correction, correctiveAction })),
    ...reviews.map(({ reviewedAt, reviewedBy, outcome, note }) => ({ ...bare, kind: 'review' as const, at: reviewedAt, who: nameOf(reviewedBy), outcome, note })),
    ...steps.map(({ takenAt, takenBy, step, words }) => ({ ...bare, kind: 'step' as const, at: takenAt, who: nameOf(takenBy), outcome: step, note: words })),
    ...closings.map(({ closedAt, closedBy, outcome, reasons }) => ({ ...bare, kind: 'closure' as const, at: closedAt, who: nameOf(closedBy), outcome, note: reasons })),
    ...ticks.map(({ at, step }) => ({ ...bare, kind: 'clock' as const, at, who: '', outcome: step })),
  ]
  return told.toReversed().toSorted((one, other) => other.at.getTime() - one.at.getTime() || order.indexOf(one.kind) - order.indexOf(other.kind))
}
