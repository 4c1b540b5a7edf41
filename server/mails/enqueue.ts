import { mails } from '../../schema/journal.ts'
import type { Db } from '../adapters/database.ts'
import { enqueueJob, enqueueJobs } from '../jobs/enqueue.ts'

export const mailTemplates = ['code', 'submitted', 'returned', 'declined', 'clarification', 'finding', 'finding_alert', 'finding_second', 'finding_overdue', 'finding_grave', 'finding_due', 'due_soon', 'decided', 'misuse_reported', 'key_ending', 'supplier_changed', 'standing_changed', 'surveillance_due', 'surveillance_assigned', 'surveillance_told', 'surveillance_wished', 'unannounced_needed', 'change_received', 'change_reported', 'change_reviewed', 'change_due', 'webhook_stopped', 'invited', 'invitation_answered', 'member_invited', 'sponsorship_offered', 'sponsorship_answered', 'objected', 'objection_answered', 'appeal_filed', 'appeal_received', 'appeal_handed_over', 'appeal_decided', 'complaint_filed', 'complaint_handed_over', 'remedy_due', 'dates_proposed', 'dates_answered', 'visit_planned', 'visit_moved'] as const
export type MailTemplate = (typeof mailTemplates)[number]
export type NewMail = { uniqueKey: string; toEmail: string; locale: string; template: MailTemplate; params: Record<string, string | number>; applicationId?: string }

/** Writes a mail in the transaction of its cause and queues its job. The same unique key goes out once. */
export async function enqueueMail(tx: Db, mail: NewMail): Promise<void> {
  const [row] = await tx.insert(mails).values(mail).onConflictDoNothing().returning({ id: mails.id })
  if (row) await enqueueJob(tx, 'send_mail', { mailId: row.id })
}

const at_once = 1000 // Postgres takes 65,535 values in one statement

/** The same for a thousand readers: a few statements, not a thousand. */
export async function enqueueMails(tx: Db, all: readonly NewMail[]): Promise<void> {
  for (let from = 0; from < all.length; from += at_once) {
    const rows = await tx.insert(mails).values(all.slice(from, from + at_once)).onConflictDoNothing().returning({ id: mails.id })
    await enqueueJobs(tx, 'send_mail', rows.map(({ id }) => ({ mailId: id })))
  }
}
