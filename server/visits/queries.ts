import { count, desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { interviews, planNumbers, visitNotes, visits } from '../../schema/visits.ts'
import { Calculation, type VoiceCount } from '../../schema/visit-shapes.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { aloneNeeded, askedOf, heardOf, interviewsHeld, voiceGate } from '../domain/voice.ts'

export type Visit = Omit<typeof visits.$inferSelect, 'calculation'> & { calculation: z.infer<typeof Calculation> }

/** The visit of a case as planned and held, or null. `lock` takes the row for the transaction. */
export async function visitOf(db: Db, applicationId: string, { lock = false } = {}): Promise<Visit | null> {
  const query = db.select().from(visits).where(eq(visits.applicationId, applicationId))
  const [row] = lock ? await query.for('update') : await query
  return row ? { ...row, calculation: Calculation.parse(row.calculation) } : null
}

/** C7: the numbers of every edition of the plan, newest first. */
export const numbersOf = (db: Db, visitId: string) => db.select({
  at: planNumbers.plannedAt, reckonedDays: planNumbers.reckonedDays, personDays: planNumbers.personDays, reckonedInterviews: planNumbers.reckonedInterviews,
  interviewsPlanned: planNumbers.interviewsPlanned, justification: planNumbers.justification,
}).from(planNumbers).where(eq(planNumbers.visitId, visitId)).orderBy(desc(planNumbers.edition))

/** How many were invited, agreed and heard. Counts only: who refused is never known (decisions.md 3). */
export async function voiceOf(db: Db, { id, scope }: Pick<Case, 'id' | 'scope'>): Promise<z.infer<typeof VoiceCount>> {
  const [visit] = await db.select({ workersInvited: visits.workersInvited, workersAgreed: visits.workersAgreed, sample: visits.interviewsPlanned }).from(visits).where(eq(visits.applicationId, id))
  const held = await db.select({ form: interviews.form, people: sql<number>`sum(${interviews.people})::int` }).from(interviews).where(eq(interviews.applicationId, id)).groupBy(interviews.form)
  const heard = (form: (typeof held)[number]['form']) => held.find(row => row.form === form)?.people ?? 0
  const voice = {
    foreignWorkers: scope?.foreignWorkers ?? 0, surveyAnswers: 0, workersInvited: visit?.workersInvited ?? 0, workersAgreed: visit?.workersAgreed ?? 0,
    interviewedAlone: heard('single'), interviewedInGroups: heard('group'), sample: visit?.sample ?? 0,
  }
  // Until the day is on record nobody knows how many agree: the whole sample is still to be heard.
  const expected = visit?.workersInvited == null ? { ...voice, workersAgreed: voice.sample } : voice
  return {
    ...voice, asked: askedOf(expected), heard: heardOf(voice), aloneNeeded: aloneNeeded(expected), peers: heard('peer'), representatives: heard('representative'),
    held: interviewsHeld(expected), gate: voiceGate(voice),
  }
}

export async function notesCount(db: Db, applicationId: string): Promise<number> {
  const [row] = await db.select({ notes: count() }).from(visitNotes).where(eq(visitNotes.applicationId, applicationId))
  return row?.notes ?? 0
}
