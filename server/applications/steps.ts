import { eq } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import type { StepForm } from '../../schema/application-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { membersOf, scopeOf } from '../employers/queries.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { findCase, type Case } from './case.ts'
import { isBeingWritten } from './criteria.ts'
import { perform } from './perform.ts'

type Taking = { applicationId: string; viewer: Viewer; form: StepForm; requestId: string; now: Date }
type Outcome = Promise<{ id: string; stage: Stage } | Refusal>

/** The employer's two steps that need no page of their own: submit and withdraw. */
export const takeStep = (tx: Db, taking: Taking): Outcome => (taking.form.action === 'submit' ? submit(tx, taking) : withdraw(tx, taking))

// The scope is copied at submission: what is assessed stands still while the company goes on (CHECK submitted_application_has_time_and_scope).
async function submit(tx: Db, { applicationId, viewer, form, requestId, now }: Taking): Outcome {
  const theCase = await findCase(tx, applicationId, viewer, { lock: true })
  if (isRefusal(theCase)) return theCase
  const writes = theCase.held.includes('applicant') && isBeingWritten(theCase.stage)
  if (writes) await keepScope(tx, applicationId, { scope: await scopeOf(tx, theCase.employerId), submittedAt: now })
  const done = await perform(tx, { applicationId, action: 'submit', viewer, version: form.version, requestId, now })
  if (!isRefusal(done)) {
    await confirmByMail(tx, theCase, now)
    return { id: applicationId, stage: done.stage }
  }
  if (writes) await keepScope(tx, applicationId, theCase) // a refusal is committed: leave the draft as it was
  return done
}

async function withdraw(tx: Db, { applicationId, viewer, form: { version, reasons }, requestId, now }: Taking): Outcome {
  const done = await perform(tx, { applicationId, action: 'withdraw', viewer, version, requestId, now })
  if (isRefusal(done)) return done
  if (reasons) await record(tx, { personId: viewer.personId, role: 'applicant', requestId }, { operation: 'applications.withdraw_reasons', applicationId, employerId: done.theCase.employerId, after: { reasons } })
  return { id: applicationId, stage: done.stage }
}

const keepScope = (tx: Db, id: string, { scope, submittedAt }: Pick<Case, 'scope' | 'submittedAt'>) => tx.update(applications).set({ scope, submittedAt }).where(eq(applications.id, id))

async function confirmByMail(tx: Db, { id, employerId, employerNameJa }: Case, now: Date) {
  for (const { email, locale, personId } of await membersOf(tx, employerId)) {
    const uniqueKey = `submitted:${id}:${now.toISOString()}:${personId}`
    await enqueueMail(tx, { uniqueKey, toEmail: email, locale, template: 'submitted', applicationId: id, params: { employer: employerNameJa, url: `/applications/${id}` } })
  }
}
