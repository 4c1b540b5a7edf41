import { mails } from '../../schema/journal.ts'
import type { Db } from '../adapters/database.ts'
import { enqueueJob } from '../jobs/enqueue.ts'

export const mailTemplates = ['code', 'submitted', 'returned', 'declined', 'clarification', 'finding', 'due_soon', 'decided', 'misuse_reported', 'key_ending', 'supplier_changed', 'standing_changed', 'webhook_stopped', 'invited', 'invitation_answered', 'sponsorship_offered', 'sponsorship_answered'] as const
export type MailTemplate = (typeof mailTemplates)[number]
type NewMail = { uniqueKey: string; toEmail: string; locale: string; template: MailTemplate; params: Record<string, string | number>; applicationId?: string }

/** Writes a mail in the transaction of its cause and queues its job. The same unique key goes out once. */
export async function enqueueMail(tx: Db, mail: NewMail): Promise<void> {
  const [row] = await tx.insert(mails).values(mail).onConflictDoNothing().returning({ id: mails.id })
  if (row) await enqueueJob(tx, 'send_mail', { mailId: row.id })
}
