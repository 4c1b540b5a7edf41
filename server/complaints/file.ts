import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { ComplaintForm } from '../../schema/complaint-shapes.ts'
import { complaints } from '../../schema/complaints.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { readNumber } from '../domain/certificate-number.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { isTiedToComplaint } from '../ties/untied.ts'
import { newCode } from './code.ts'

type Filed = { form: z.infer<typeof ComplaintForm>; locale: string; acknowledgeBy: string; now: Date; requestId: string }

/** C18: keeps a complaint, tells the operators that there is one and not what it says, and gives the complainant the code that nobody else has. */
export async function fileComplaint(tx: Db, { form: { target, about, account, contact }, locale, acknowledgeBy, now, requestId }: Filed): Promise<{ made: { reference: string }; secret: string }> {
  const { code, reference, sha256 } = newCode(), certificateId = about ? await certificateMeant(tx, about) : null
  const [kept] = await tx.insert(complaints).values({ reference, codeSha256: sha256, target, certificateId, about, account, contact, locale, filedAt: now }).returning({ id: complaints.id })
  if (!kept) throw new Error('the complaint just filed is not there')
  // Not in the journal of the employer's case: the employer, and whoever works on it, sees nothing of who complains and when.
  await record(tx, { personId: null, role: 'public', requestId }, { operation: 'complaints.file', subjectId: kept.id, after: { reference, target } })
  // C3: who is tied to the company hears nothing of it. Are all operators tied, then nobody does: a mail to them, even without a name, would tell; the committee's counts alone show it.
  const operators = await tx.select({ email: people.email, locale: people.locale }).from(people)
    .where(sql`'operator' = any(${people.staffRoles}) and not ${isTiedToComplaint(sql`${kept.id}::uuid`, people.id, japanDate(now))}`)
  for (const operator of operators) {
    await enqueueMail(tx, { uniqueKey: `complaint_filed:${kept.id}:${operator.email}`, toEmail: operator.email, locale: operator.locale, template: 'complaint_filed', params: { reference, due: acknowledgeBy, url: `/complaint-cases/${kept.id}` } })
  }
  return { made: { reference }, secret: code }
}

// By its number as anybody types it, by the company's corporate number, or by its whole name; the newest certificate of that company.
async function certificateMeant(tx: Db, about: string): Promise<string | null> {
  const read = readNumber(about)
  const meant = 'number' in read ? sql`r.number = ${read.number}` : sql`r.name_ja = ${about} or lower(r.name_latin) = lower(${about}) or e.corporate_number = any(corporate_numbers_in(${about}))`
  const [found] = await tx.execute<{ id: string }>(sql`select r.certificate_id as id from register_entries r join certificates c on c.id = r.certificate_id join employers e on e.id = c.employer_id where ${meant} order by r.issued_on desc limit 1`)
  return found?.id ?? null
}
