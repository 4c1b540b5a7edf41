import { sql } from 'drizzle-orm'
import { within, type Db } from '../adapters/database.ts'
import { audiencesOf, isTimely, isWorthSending, momentFor, type Moment } from '../domain/finding-reminders.ts'
import { findingStages } from '../domain/findings.ts'
import { membersOf } from '../employers/queries.ts'
import { asLocale, translate } from '../http/locale.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import type { World } from '../world.ts'
import { staffFor } from './mail.ts'
import { findingsOf, type Finding } from './queries.ts'

type Case = { id: string; employerId: string; nameJa: string; nameEn: string }
type Reader = { personId: string; email: string; locale: string }
type Due = { at: Date; who: Finding['duties'][number]['who']; moment: Moment; findings: string[] }

/**
 * Hourly: whoever owes something about a finding hears of it before, on and after its date; the secretariat of what is late. One mail for all
 * findings of a case that are due at the same moment. The key makes each go out once, in two processes too; whether it is still true is asked again
 * when it is sent (stillOwed).
 */
export async function remindOfFindings({ database: { db }, now }: World): Promise<void> {
  for (const theCase of await casesToAsk(db, now())) {
    await within(db, async tx => { for (const due of duesOf(await findingsOf(tx, theCase.id), now())) await remind(tx, theCase, due, now()) })
  }
}

// Only cases where a date is near or lately passed (an appeal may have moved it by its sixty days), or an effect is to be judged: not every certificate every hour.
const casesToAsk = (db: Db, now: Date) => db.execute<Case>(sql`
  select a.id, a.employer_id as "employerId", e.name_ja as "nameJa", coalesce(nullif(e.name_latin, ''), e.name_ja) as "nameEn" from applications a join employers e on e.id = a.employer_id
  where a.stage::text in (${sql.join(findingStages.map(stage => sql`${stage}`), sql`, `)}) and exists (select from findings f where f.application_id = a.id and not exists (select from findings newer where newer.supersedes = f.id)
    and (exists (select from unnest(array[f.alert_due, f.protection_plan_due, f.plan_due, f.containment_due, f.evidence_due, f.verified_due]) due where due between ${now.toISOString()}::timestamptz - interval '120 days' and ${now.toISOString()}::timestamptz + interval '8 days')
      or (last_review_of(f.id)).outcome = 'verified')) order by a.id`)

// What waits, gathered by who owes it and until when; an appeal that is open stops the employer's own dates.
function duesOf(findings: readonly Finding[], now: Date): Due[] {
  const dues = new Map<string, Due>()
  for (const { id, duties, held, raisedAt } of findings) {
    for (const { who, at, waits } of duties) {
      const moment = waits && !(held && who === 'applicant') ? momentFor(at, now) : null
      if (!moment || !isWorthSending(moment, raisedAt, now)) continue
      const key = `${who} ${at.getTime()}`, before = dues.get(key)
      dues.set(key, { at, who, moment, findings: [...before?.findings ?? [], id] })
    }
  }
  return [...dues.values()]
}

async function remind(tx: Db, theCase: Case, { at, who, moment, findings }: Due, now: Date): Promise<void> {
  const [only] = findings, url = findings.length === 1 && only ? `/findings/${only}` : `/applications/${theCase.id}/findings`
  for (const audience of audiencesOf(who, moment)) {
    for (const { personId, email, locale } of await readersOf(tx, theCase, audience, now)) {
      const language = asLocale(locale)
      await enqueueMail(tx, {
        uniqueKey: `finding_due:${theCase.id}:${who}:${at.toISOString()}:${moment}:${personId}`, toEmail: email, locale, template: 'finding_due', applicationId: theCase.id,
        params: { employer: language === 'en' ? theCase.nameEn : theCase.nameJa, who: translate(language, `findings.who_${who}`), when: translate(language, `findings.moment_${moment}`), due: at.toISOString(), count: findings.length, owes: who, moment, url },
      })
    }
  }
}

async function readersOf(tx: Db, { id, employerId }: Case, audience: ReturnType<typeof audiencesOf>[number], now: Date): Promise<Reader[]> {
  if (audience === 'applicant') return membersOf(tx, employerId)
  if (audience !== 'assessor') return (await staffFor(tx, id, audience, now)).map(({ id: personId, ...reader }) => ({ personId, ...reader }))
  return [...await tx.execute<Reader>(sql`select p.id as "personId", p.email, p.locale from assignments s join people p on p.id = s.person_id
    where s.application_id = ${id} and s.part = 'assessor' and s.ended_at is null and not is_tied(p.id, ${id}, ${now.toISOString()}::timestamptz) order by p.id`)]
}

/** Asked again at the moment of sending: is it still owed, by the same people, until the same moment, and is it still before or after that? */
export async function stillOwed(db: Db, applicationId: string, { owes, due, moment }: { owes: string; due: string; moment: Moment }, now: Date): Promise<boolean> {
  const at = new Date(due)
  return isTimely(moment, at, now) && (await findingsOf(db, applicationId)).some(({ duties, held }) => !(held && owes === 'applicant') && duties.some(duty => duty.waits && duty.who === owes && duty.at.getTime() === at.getTime()))
}

/** The same for the warning of a suspension: the finding still waits for its employer. */
export async function stillOverdue(db: Db, applicationId: string, findingId: string, now: Date): Promise<boolean> {
  return (await findingsOf(db, applicationId)).some(({ id, held, employerDue }) => id === findingId && !held && employerDue !== null && employerDue < now)
}
