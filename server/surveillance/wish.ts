import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { newId } from '../../schema/shared.ts'
import type { WishForm } from '../../schema/surveillance-shapes.ts'
import { surveillanceWishes } from '../../schema/surveillance.ts'
import { violatedConstraint, within, type Db } from '../adapters/database.ts'
import type { Refusal } from '../domain/refusal.ts'
import { mayWish } from '../domain/surveillance.ts'
import type { Viewer } from '../http/viewer.ts'
import { record } from '../journal/record.ts'
import { mailWish } from './mail.ts'

type Wishing = { certificateId: string; visitId: string; form: z.infer<typeof WishForm>; viewer: Viewer; requestId: string; now: Date }
type Row = { applicationId: string; employerId: string; number: string; nameJa: string; plannedOn: string; over: boolean }

/** The holder asks for another day of an announced visit. Of one without notice it hears the same as of one that there is not. */
export async function wishForAnotherDay(tx: Db, { certificateId, visitId, form: { wishedOn, reason }, viewer, requestId, now }: Wishing): Promise<{ wishId: string } | Refusal> {
  const [visit] = await tx.execute<Row>(sql`
    select c.application_id as "applicationId", c.employer_id as "employerId", c.number, e.name_ja as "nameJa", v.planned_on::text as "plannedOn", exists (select from surveillance_outcomes o where o.visit_id = v.id) as over
    from surveillance_visits v join certificates c on c.id = v.certificate_id join employers e on e.id = c.employer_id where v.id = ${visitId} and c.id = ${certificateId} and v.kind = 'announced' and c.employer_id = ${viewer.employerId}`)
  if (!visit) return { refused: 'not_found' }
  const refused = mayWish(wishedOn, { ...visit, today: viewer.today })
  if (refused) return refused
  try {
    const wishId = newId()
    await within(tx, savepoint => savepoint.insert(surveillanceWishes).values({ id: wishId, visitId, wishedOn, reason, wishedBy: viewer.personId, wishedAt: now }))
    await record(tx, { personId: viewer.personId, role: 'applicant', requestId }, { operation: 'surveillance.wish', applicationId: visit.applicationId, employerId: visit.employerId, subjectId: visitId, before: { plannedOn: visit.plannedOn }, after: { wishedOn } })
    await mailWish(tx, { certificateId, ...visit }, { wishId, wishedOn, now })
    return { wishId }
  } catch (error) {
    if (violatedConstraint(error) !== 'another_day_is_asked_for_once') throw error
    return { refused: 'already_exists' }
  }
}
