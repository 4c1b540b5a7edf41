import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Hub } from '../../schema/application-shapes.ts'
import { certificates } from '../../schema/certificates.ts'
import type { Db } from '../adapters/database.ts'
import { progressOf } from '../answers/queries.ts'
import { journeyAt } from '../domain/journey.ts'
import { lifecycle, type Stage } from '../domain/lifecycle.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { translate, type Locale } from '../http/locale.ts'
import { renewedBy } from '../renewals/queries.ts'
import type { Viewer } from '../http/viewer.ts'
import { headOf } from './case-as.ts'
import { findCase, type Case } from './case.ts'
import { isBeingWritten } from './criteria.ts'
import { doorsOf } from './doors.ts'
import { historyOf } from './history.ts'
import { lacksOf } from './lacks.ts'
import { nextMove } from './next-move.ts'

/** The page of one application: where it stands, whose move it is, what is missing, where to go. */
export async function hubOf(db: Db, id: string, viewer: Viewer, locale: Locale, now: Date): Promise<z.infer<typeof Hub> | Refusal> {
  const theCase = await findCase(db, id, viewer)
  if (isRefusal(theCase)) return theCase
  const { stage, held, standardId, submittedAt } = theCase
  const { asked, answered, complete } = await progressOf(db, theCase, now)
  const history = await historyOf(db, id)
  const writes = held.includes('applicant') && isBeingWritten(stage)
  const lacks = writes ? await lacksOf(db, theCase, asked, locale) : []
  const say = (key: string) => translate(locale, `applications.${key}`)
  const doors = doorsOf(id, stage, held).map(door => ({ ...door, label: say(`door_${door.key}`) }))
  const next = await nextMove(db, theCase, now)
  const leads = !writes && (next?.mine || held.includes('operator')) // the operator finds the assessor whose move it is
  return {
    head: headOf(theCase, now), standardId, submittedAt, held, ended: endOf(stage), next,
    steps: journeyAt(stage, history.findLast(({ action }) => action === 'withdraw')?.from).map(step => ({ ...step, label: say(`step_${step.key}`) })), progress: { all: asked.length, answered, complete },
    lacks, maySubmit: writes && lacks.length === 0, mayWithdraw: mayWithdraw(theCase), doors,
    todo: lacks[0]?.items[0] ?? (leads ? doors.find(door => door.now) ?? null : null),
    returnedBecause: stage === 'returned' ? history.findLast(({ action }) => action === 'return')?.note ?? null : null,
    history: history.toReversed().map(past => ({ ...past, what: say(`past_${past.action}`), who: say(`role_${past.role}`) })), certificate: await certificateOf(db, id), renews: await renewedBy(db, id),
  }
}

const ends = ['certified', 'refused', 'declined', 'withdrawn'] as const
const endOf = (stage: Stage) => ends.find(end => end === stage) ?? null

const mayWithdraw = ({ stage, held }: Case) => lifecycle.some(([from, action, , by]) => from === stage && action === 'withdraw' && held.includes(by))

async function certificateOf(db: Db, applicationId: string) {
  const [row] = await db.select({ number: certificates.number, state: certificates.state }).from(certificates).where(eq(certificates.applicationId, applicationId))
  return row ? { number: row.number, issued: row.state === 'issued' } : null
}
