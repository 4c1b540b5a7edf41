import { sql } from 'drizzle-orm'
import { certificateEvents } from '../../schema/certificates.ts'
import { within } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { mayChange } from '../domain/standing-changes.ts'
import { surveillanceDues } from '../domain/surveillance.ts'
import { record } from '../journal/record.ts'
import { standardInForce } from '../standard/queries.ts'
import type { World } from '../world.ts'
import { mailChange } from './decide.ts'
import { headOf } from './queries.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * Job: C14 and decisions.md 1. A surveillance that was not held in time suspends the certificate, by the clock, with the reason `overdue`: the
 * agreement says so. Once for each due date: what a person has lifted since is not suspended again for the same. Twice, or two at once, is once.
 */
export async function actOnDeadlines({ database: { db }, now }: World): Promise<void> {
  const today = japanDate(now()), clock = (await standardInForce(db, today)).content.grading.surveillance
  const late = await db.execute<{ id: string; decidedOn: string; expiresOn: string }>(sql`
    select certificate_id as id, decided_on::text as "decidedOn", expires_on::text as "expiresOn" from register_entries
    where standing in ('certified', 'certified_with_condition', 'scope_reduced') and expires_on >= ${today} and (decided_on + make_interval(months => ${clock.firstDueMonths}))::date < ${today}`)
  for (const { id, decidedOn, expiresOn } of late) {
    const due = surveillanceDues({ decidedOn, expiresOn, clock }).findLast(day => day < today)
    if (due) await within(db, tx => suspendOnce(tx, id, due))
  }

  async function suspendOnce(tx: typeof db, certificateId: string, due: string) {
    await tx.execute(sql`select id from certificates where id = ${certificateId} for update`)
    const head = await headOf(tx, certificateId, nobody, today)
    const [before] = await tx.execute(sql`select 1 from certificate_events where certificate_id = ${certificateId} and event = 'suspended' and actor = 'clock' and happened_on > ${due}`)
    if (!head || before || mayChange(head.standing, 'suspended', 'clock', 'overdue')) return
    await tx.insert(certificateEvents).values({ certificateId, event: 'suspended', happenedOn: today, reasonClass: 'overdue', actor: 'clock', at: now() })
    await record(tx, { personId: null, role: 'clock' }, { operation: 'standing_decisions.suspend_overdue', applicationId: head.applicationId, employerId: head.employerId, subjectId: certificateId, after: { due } })
    await mailChange(tx, head, { change: 'suspended', reasons: '', key: `${certificateId}:${due}` })
  }
}
