import { eq, sql } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { certificateEvents, certificates } from '../../schema/certificates.ts'
import { findingClock } from '../../schema/findings.ts'
import { within, type Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { missedOf, type Missed } from '../domain/finding-clock.ts'
import { mayChange } from '../domain/standing-changes.ts'
import { record } from '../journal/record.ts'
import { mailChange } from '../standing-decisions/mail.ts'
import { headOf, type Head } from '../standing-decisions/queries.ts'
import type { World } from '../world.ts'
import { mailOverdue } from './mail.ts'
import { findingsOf } from './queries.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * Job: decisions.md 1. A date that the employer missed on a live certificate: the holder is warned, and after the days of grace the certificate is
 * suspended, by the clock, with the reason `overdue`. Each once (clock_acts_once): what a person has lifted since is not suspended again for the
 * same date. Twice, two at once, or killed in the middle is once: every certificate is a transaction of its own.
 */
export async function actOnFindings({ database: { db }, now }: World): Promise<void> {
  for (const { certificateId, applicationId } of await liveWithLateFindings(db, now())) await within(db, tx => actOn(tx, { certificateId, applicationId, now: now() }))
}

const liveWithLateFindings = (db: Db, now: Date) => db.execute<{ certificateId: string; applicationId: string }>(sql`
  select e.certificate_id as "certificateId", c.application_id as "applicationId" from register_entries e join certificates c on c.id = e.certificate_id
  where e.standing in ('certified', 'certified_with_condition', 'scope_reduced') and e.expires_on >= ${japanDate(now)} and exists (select from findings f where f.application_id = c.application_id
    and least(f.protection_plan_due, f.plan_due, f.containment_due, f.evidence_due, f.verified_due) < ${now.toISOString()}::timestamptz and not exists (select from findings newer where newer.supersedes = f.id)
    and coalesce((last_review_of(f.id)).outcome, '') not in ('verified', 'effective')) order by e.number`)

type At = { certificateId: string; applicationId: string; now: Date }

async function actOn(tx: Db, { certificateId, applicationId, now }: At): Promise<void> {
  const today = japanDate(now)
  await tx.select({ id: applications.id }).from(applications).where(eq(applications.id, applicationId)).for('update') // an appeal or an answer that is just being given comes first
  await tx.select({ id: certificates.id }).from(certificates).where(eq(certificates.id, certificateId)).for('update')
  const all = (await findingsOf(tx, applicationId)).filter(({ open }) => open)
  for (const { id, grade, duties, held } of all) {
    for (const missed of missedOf(grade, duties, { held, now })) {
      const head = await headOf(tx, certificateId, nobody, today)
      if (!head || mayChange(head.standing, 'suspended', 'clock', { reasonClass: 'overdue', openCondition: head.openCondition, today })) return // suspended or ended: a person's word stands
      if (await once(tx, id, missed, 'warned', now)) await warn(tx, head, { findingId: id, missed })
      if (missed.step === 'suspended' && !await liftedSince(tx, certificateId, missed.suspendsAfter) && await once(tx, id, missed, 'suspended', now)) await suspend(tx, head, { findingId: id, missed, now })
    }
  }
}

async function once(tx: Db, findingId: string, { what, due }: Missed, step: Missed['step'], at: Date): Promise<boolean> {
  const rows = await tx.insert(findingClock).values({ findingId, duty: what, step, due, at }).onConflictDoNothing().returning({ id: findingClock.id })
  return rows.length > 0
}

// A person who lifted a suspension after this date knew of it.
async function liftedSince(tx: Db, certificateId: string, date: Date): Promise<boolean> {
  const rows = await tx.execute(sql`select 1 from certificate_events where certificate_id = ${certificateId} and event = 'reinstated' and at > ${date.toISOString()}::timestamptz limit 1`)
  return rows.length > 0
}

type About = { findingId: string; missed: Missed; now: Date }

async function warn(tx: Db, head: Head, { findingId, missed }: Omit<About, 'now'>): Promise<void> {
  await record(tx, { personId: null, role: 'clock' }, { operation: 'findings.warn', applicationId: head.applicationId, employerId: head.employerId, subjectId: findingId, after: { duty: missed.what, due: missed.due } })
  if (missed.step === 'warned') await mailOverdue(tx, head, { findingId, due: missed.due, on: missed.suspendsAfter })
}

async function suspend(tx: Db, head: Head, { findingId, missed, now }: About): Promise<void> {
  const { certificateId, applicationId, employerId } = head, today = japanDate(now)
  await tx.insert(certificateEvents).values({ certificateId, event: 'suspended', happenedOn: today, reasonClass: 'overdue', actor: 'clock', at: now })
  await record(tx, { personId: null, role: 'clock' }, { operation: 'standing_decisions.suspend_overdue', applicationId, employerId, subjectId: certificateId, after: { findingId, duty: missed.what, due: missed.due } })
  await mailChange(tx, head, { change: 'suspended', reasons: '', key: `finding:${findingId}:${missed.what}`, today })
}
