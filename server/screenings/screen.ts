import type { z } from 'zod'
import { screenings } from '../../schema/applications.ts'
import type { ScreeningForm } from '../../schema/screening-forms.ts'
import type { Db } from '../adapters/database.ts'
import { perform, type Performed } from '../applications/perform.ts'
import type { Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { membersOf } from '../employers/queries.ts'
import { writeOnce } from '../http/once.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { enqueueMail } from '../mails/enqueue.ts'

type Screening = z.infer<typeof ScreeningForm> & { applicationId: string; requestId: string }

/** C2: the step and the review's own record are one; the employer of a returned or declined application hears of it at once. */
export function screen(db: Db, viewer: Viewer, { applicationId, outcome, reasons, version, once, requestId }: Screening, now: Date): Promise<{ stage: Stage } | Refusal> {
  return writeOnce(db, { once, personId: viewer.personId }, async tx => {
    const given = { reasons_given: reasons !== '' }
    const done = await perform(tx, { applicationId, action: outcome, viewer, version, requestId, now, given })
    if (isRefusal(done)) return done
    await tx.insert(screenings).values({ applicationId, outcome, reasons, screenedBy: viewer.personId, screenedAt: now })
    await record(tx, { personId: viewer.personId, role: 'operator', requestId }, { operation: 'screenings.screen', applicationId, employerId: done.theCase.employerId, after: { outcome, reasons } })
    if (outcome !== 'accept') await tell(tx, done, outcome === 'return' ? 'returned' : 'declined', now)
    return { stage: done.stage }
  })
}

async function tell(tx: Db, { theCase }: Performed, template: 'returned' | 'declined', now: Date) {
  for (const { email, locale, personId } of await membersOf(tx, theCase.employerId)) {
    const uniqueKey = `${template}:${theCase.id}:${now.toISOString()}:${personId}`
    await enqueueMail(tx, { uniqueKey, toEmail: email, locale, template, applicationId: theCase.id, params: { employer: theCase.employerNameJa, url: `/applications/${theCase.id}` } })
  }
}
