import { asc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import type { InterviewsPage } from '../../schema/interview-shapes.ts'
import { interviews } from '../../schema/visits.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import { japanDate } from '../domain/calendar.ts'
import { interviewLanguages, nextCode, peers_needed, representatives_needed } from '../domain/interviews.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'
import { voiceOf } from '../visits/queries.ts'

/** Every code used in a case. */
export const codesOf = async (db: Db, applicationId: string): Promise<string[]> =>
  (await db.select({ code: interviews.code }).from(interviews).where(eq(interviews.applicationId, applicationId))).map(({ code }) => code)

/** The interviews of a case, for its assessors and for nobody else. */
export async function interviewsPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<z.infer<typeof InterviewsPage> | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'assessor')
  if (isRefusal(theCase)) return theCase
  const rows = await db.select({
    id: interviews.id, code: interviews.code, kind: interviews.form, people: interviews.people, language: interviews.language, minutes: interviews.minutes, notes: interviews.notes,
    heldOn: interviews.heldOn, writtenBy: people.name, writtenAt: interviews.writtenAt,
  }).from(interviews).innerJoin(people, eq(people.id, interviews.writtenBy)).where(eq(interviews.applicationId, id)).orderBy(asc(interviews.writtenAt), asc(interviews.id))
  return {
    head: headOf(theCase, now), mayAdd: theCase.stage === 'visit_planned', nextCode: nextCode(rows.map(({ code }) => code)), today: japanDate(now), voice: await voiceOf(db, theCase),
    peersNeeded: peers_needed, representativesNeeded: representatives_needed, languages: [...interviewLanguages], interviews: rows,
  }
}
