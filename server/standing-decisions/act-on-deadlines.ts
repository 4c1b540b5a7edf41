import { sql } from 'drizzle-orm'
import { certificateEvents } from '../../schema/certificates.ts'
import { within } from '../adapters/database.ts'
import { addDays, japanDate } from '../domain/calendar.ts'
import { mayChange } from '../domain/standing-changes.ts'
import { unmetSurveillances, warning_days, warningFor } from '../domain/surveillance.ts'
import { membersOf } from '../employers/queries.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { standardInForce } from '../standard/queries.ts'
import { heldDays } from '../surveillance/held.ts'
import { remindOfUnannounced } from '../surveillance/remind.ts'
import type { World } from '../world.ts'
import { mailChange } from './mail.ts'
import { headOf } from './queries.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

type Term = { id: string; employerId: string; applicationId: string; number: string; nameJa: string; decidedOn: string; expiresOn: string; held: string[] }

/**
 * Job: C14 and decisions.md 1. A surveillance that was not held in time suspends the certificate, by the clock, with the reason `overdue`: the
 * agreement says so. Once for each due date: what a person has lifted since is not suspended again for the same. The holder is warned before.
 * Twice, or two at once, is once.
 */
export async function actOnDeadlines({ database: { db }, now }: World): Promise<void> {
  const today = japanDate(now()), clock = (await standardInForce(db, today)).content.grading.surveillance
  for (const term of await termsDueBy(addDays(today, warning_days[0]))) {
    const dues = unmetSurveillances({ ...term, clock }, term.held), late = dues.findLast(day => day < today), next = dues.find(day => day >= today)
    if (late) await within(db, tx => suspendOnce(tx, term.id, late))
    if (next) await within(db, tx => warnOnce(tx, term, next))
  }
  await remindOfUnannounced(db, today)

  function termsDueBy(day: string) {
    return db.execute<Term>(sql`
      select c.id, c.employer_id as "employerId", c.application_id as "applicationId", e.number, e.name_ja as "nameJa", e.decided_on::text as "decidedOn", e.expires_on::text as "expiresOn", ${heldDays(sql`c.id`)} as held
      from register_entries e join certificates c on c.id = e.certificate_id
      where e.standing in ('certified', 'certified_with_condition', 'scope_reduced') and e.expires_on >= ${today} and (e.decided_on + make_interval(months => ${clock.firstDueMonths}))::date <= ${day} order by e.number`)
  }

  async function suspendOnce(tx: typeof db, certificateId: string, due: string) {
    await tx.execute(sql`select id from certificates where id = ${certificateId} for update`)
    const head = await headOf(tx, certificateId, nobody, today)
    const [before] = await tx.execute(sql`select 1 from certificate_events where certificate_id = ${certificateId} and happened_on > ${due} and (event = 'reinstated' or (event = 'suspended' and actor = 'clock'))`)
    if (!head || before || mayChange(head.standing, 'suspended', 'clock', { reasonClass: 'overdue', openCondition: head.openCondition, today })) return
    await tx.insert(certificateEvents).values({ certificateId, event: 'suspended', happenedOn: today, reasonClass: 'overdue', actor: 'clock', at: now() })
    await record(tx, { personId: null, role: 'clock' }, { operation: 'standing_decisions.suspend_overdue', applicationId: head.applicationId, employerId: head.employerId, subjectId: certificateId, after: { due } })
    await mailChange(tx, head, { change: 'suspended', reasons: '', key: `${certificateId}:${due}`, today })
  }

  // The key makes each warning go out once; whether it is still true is asked again when it is sent.
  async function warnOnce(tx: typeof db, { id, employerId, applicationId, number, nameJa: employer }: Term, due: string) {
    const days = warningFor(due, today)
    if (!days) return
    for (const { email, locale, personId } of await membersOf(tx, employerId)) {
      await enqueueMail(tx, { uniqueKey: `surveillance_due:${id}:${due}:${days}:${personId}`, toEmail: email, locale, template: 'surveillance_due', applicationId, params: { employer, number, due, url: '/employer/certificates' } })
    }
  }
}
