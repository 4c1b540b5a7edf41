import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { PublicCertificate } from '../../schema/certificate-shapes.ts'
import { certificates } from '../../schema/certificates.ts'
import { misuseReports } from '../../schema/misuse-reports.ts'
import type { MisuseForm } from '../../schema/misuse-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { record } from '../journal/record.ts'
import { latestCheckpoint } from '../log/latest.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { isTied } from '../ties/untied.ts'
import { newReference } from './reference.ts'

type Told = { number: string | null; certificate: PublicCertificate | null; body: z.infer<typeof MisuseForm>; now: Date; requestId: string }

/** Keeps a report with what the page said at that moment (peers.md 3.21), and tells the operators that there is one, not what it says. */
export async function reportMisuse(tx: Db, { number, certificate, body: { once: _, ...told }, now, requestId }: Told): Promise<{ reference: string }> {
  const [own] = certificate ? await tx.select({ id: certificates.id, applicationId: certificates.applicationId, employerId: certificates.employerId }).from(certificates).where(eq(certificates.number, certificate.number)) : []
  const [kept] = await tx.insert(misuseReports).values({
    ...told, reference: newReference(), number: number ?? '', certificateId: own?.id ?? null, pageSaid: certificate && await whatThePageSaid(tx, certificate), reportedAt: now,
  }).returning({ id: misuseReports.id, reference: misuseReports.reference })
  if (!kept) throw new Error('the report just written is not there')
  await record(tx, { personId: null, role: 'public', requestId }, {
    operation: 'misuse_reports.report', ...(own ? { applicationId: own.applicationId, employerId: own.employerId } : {}), subjectId: kept.id, after: { reference: kept.reference, kind: told.kind },
  })
  await tellOperators(tx, kept, own?.employerId ?? null, now)
  return { reference: kept.reference }
}

async function whatThePageSaid(tx: Db, { standing, since, asOf, sha256 }: PublicCertificate) {
  return { standing, since, asOf, sha256, checkpoint: (await latestCheckpoint(tx))?.note ?? null }
}

// C3: who is tied to the company hears nothing of it.
async function tellOperators(tx: Db, { id, reference }: { id: string; reference: string }, employerId: string | null, now: Date) {
  const hears = employerId ? sql`not ${isTied(people.id, sql`${employerId}::uuid`, japanDate(now))}` : sql`true`
  const operators = await tx.select({ email: people.email, locale: people.locale }).from(people).where(sql`'operator' = any(${people.staffRoles}) and ${hears}`)
  for (const { email, locale } of operators) {
    await enqueueMail(tx, { uniqueKey: `misuse_reported:${id}:${email}`, toEmail: email, locale, template: 'misuse_reported', params: { reference, url: `/misuse-reports/${id}` } })
  }
}
