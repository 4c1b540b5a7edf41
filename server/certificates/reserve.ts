import { randomInt } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { certificates } from '../../schema/certificates.ts'
import { standards } from '../../schema/standards.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { makeNumber } from '../domain/certificate-number.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import type { Draft } from './statement.ts'

const status_places = 131_072 // the public status list holds this many certificates at random places

/** In the decision's transaction: a number, a place in the status list, what the certificate says, and the job that will issue it (decisions.md 14). */
export async function reserveCertificate(tx: Db, theCase: Case, draft: Draft, { publicUrl, now }: { publicUrl: string; now: Date }): Promise<{ id: string; number: string }> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('akashi certificate numbers'))`) // one number at a time, no gaps
  const line = await nextInLine(tx, theCase, Number(draft.issuedOn.slice(0, 4)))
  const number = makeNumber(line)
  const [row] = await tx.insert(certificates).values({
    number, applicationId: theCase.id, employerId: theCase.employerId, year: line.year, serial: line.serial, cycle: line.cycle,
    statement: { ...draft, number, edition: 1, verifyUrl: `${publicUrl}/c/${number}`, firstIssuedOn: line.firstIssuedOn ?? draft.issuedOn },
    issuedOn: draft.issuedOn, expiresOn: draft.expiresOn, statusIndex: await freePlace(tx), reservedAt: now,
  }).returning({ id: certificates.id })
  if (!row) throw new Error('the certificate just reserved is not there')
  await enqueueJob(tx, 'issue_certificate', { certificateId: row.id })
  return { id: row.id, number }
}

type Line = { year: number; serial: number; cycle: number; firstIssuedOn: string | null }

/** decisions.md 9: year of first issue and serial stay with the holder; each cycle has a number of its own. */
async function nextInLine(tx: Db, { id, employerId, standardId }: Case, thisYear: number): Promise<Line> {
  const code = tx.select({ code: standards.code }).from(standards).where(eq(standards.id, standardId))
  const earlier = await tx.select({ year: certificates.year, serial: certificates.serial, cycle: certificates.cycle, issuedOn: certificates.issuedOn })
    .from(certificates).innerJoin(applications, eq(applications.id, certificates.applicationId)).innerJoin(standards, eq(standards.id, applications.standardId))
    .where(and(eq(certificates.employerId, employerId), eq(standards.code, code), sql`${applications.id} <> ${id}`)).orderBy(certificates.cycle)
  const [first] = earlier
  const last = earlier.at(-1)
  if (first && last) return { year: first.year, serial: first.serial, cycle: last.cycle + 1, firstIssuedOn: first.issuedOn }
  const [row] = await tx.select({ highest: sql<number>`coalesce(max(${certificates.serial}), 0)::int` }).from(certificates).where(eq(certificates.year, thisYear))
  return { year: thisYear, serial: (row?.highest ?? 0) + 1, cycle: 1, firstIssuedOn: null }
}

// A random place tells nothing about how many there are or who came when.
async function freePlace(tx: Db): Promise<number> {
  for (;;) {
    const place = randomInt(status_places)
    const [taken] = await tx.select({ id: certificates.id }).from(certificates).where(eq(certificates.statusIndex, place))
    if (!taken) return place
  }
}
