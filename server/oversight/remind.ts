import { sql } from 'drizzle-orm'
import { within, type Db } from '../adapters/database.ts'
import { decideBy } from '../domain/appeals.ts'
import { endOfDay, japanDate } from '../domain/calendar.ts'
import { complaintDues } from '../domain/complaints.ts'
import { dueSoon, isOverdue } from '../domain/deadlines.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { standardInForce } from '../standard/queries.ts'
import { isTied } from '../ties/untied.ts'
import type { World } from '../world.ts'

type Kind = 'appeal' | 'complaint'
type Waiting = { kind: Kind; id: string; filedAt: string; isNew: boolean; handlerId: string | null; employerId: string | null }

// What nobody has answered yet, and whose it is; `isNew`: a complaint that was not even acknowledged.
const waiting = sql`
  select 'appeal' as kind, a.id, a.filed_at as "filedAt", false as "isNew", appeal_handler_of(a.id) as "handlerId", x.employer_id as "employerId" from appeals a join applications x on x.id = a.application_id where not exists (select from appeal_decisions o where o.appeal_id = a.id)
  union all
  select 'complaint', k.id, k.filed_at, not exists (select from complaint_steps s where s.complaint_id = k.id and s.step = 'acknowledged'),
    (select s.handler from complaint_steps s where s.complaint_id = k.id and s.step = 'assigned' order by s.at desc, s.id desc limit 1), c.employer_id
  from complaints k left join certificates c on c.id = k.certificate_id where not exists (select from complaint_steps s where s.complaint_id = k.id and s.step in ('upheld', 'not_upheld'))`

/** Hourly: whoever has to answer an appeal or complaint, and the secretariat, hears of it a week and a day before, and when its day has passed. Each once; who is tied to the employer, never (C3). */
export async function remindOfRemedies({ database: { db }, now }: World): Promise<void> {
  const { grading: { appeal, complaint } } = (await standardInForce(db, japanDate(now()))).content
  for (const one of await db.execute<Waiting>(waiting)) {
    const filedAt = new Date(one.filedAt), dues = complaintDues(japanDate(filedAt), complaint)
    const due = one.kind === 'appeal' ? decideBy(filedAt, appeal) : one.isNew ? dues.acknowledgeBy : dues.answerBy
    const when = isOverdue(endOfDay(due), now()) ? 'late' : dueSoon(endOfDay(due), now())
    if (when) await within(db, tx => remind(tx, one, { due, when, today: japanDate(now()) }))
  }
}

async function remind(tx: Db, { kind, id, handlerId, employerId }: Waiting, { due, when, today }: { due: string; when: 'late' | number; today: string }) {
  const readers = await tx.execute<{ email: string; locale: string }>(sql`
    select p.email, p.locale from people p where ('operator' = any(p.staff_roles) or p.id = ${handlerId}::uuid) and not ${isTied(sql`p.id`, sql`${employerId}::uuid`, today)}`)
  for (const { email, locale } of readers) {
    await enqueueMail(tx, { uniqueKey: `remedy_due:${id}:${due}:${when}:${email}`, toEmail: email, locale, template: 'remedy_due', params: { due, remedy: id, url: kind === 'appeal' ? `/appeals/${id}` : `/complaint-cases/${id}` } })
  }
}

/** Asked again when it is sent: does this still wait? */
export async function stillWaits(db: Db, id: string): Promise<boolean> {
  const [found] = await db.execute(sql`select from (${waiting}) w where w.id = ${id}`)
  return found !== undefined
}
