import { asc, desc, eq, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { z } from 'zod'
import { assessorOrganisations, people } from '../../schema/accounts.ts'
import type { CompetencePage, CompetenceRegister } from '../../schema/competence-forms.ts'
import { competences } from '../../schema/competences.ts'
import type { Db } from '../adapters/database.ts'
import { addMonths } from '../domain/calendar.ts'
import { competenceKinds, holdsOn } from '../domain/competence.ts'
import { industries, industryNamed } from '../domain/industries.ts'
import { interviewLanguages } from '../domain/interviews.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Viewer } from '../http/viewer.ts'

const warned_months = 3
const person = { personId: people.id, name: people.name, organisation: { nameJa: assessorOrganisations.nameJa, nameEn: assessorOrganisations.nameEn } }
const isAssessor = sql`'assessor' = any(${people.staffRoles})`

/** Every assessor, and of each kind of competence how much is valid today and when the first of it runs out. Two statements. */
export async function competenceRegister(db: Db, { today }: Viewer): Promise<z.infer<typeof CompetenceRegister>> {
  const assessors = await db.select(person).from(people).leftJoin(assessorOrganisations, eq(assessorOrganisations.id, people.assessorOrganisationId)).where(isAssessor).orderBy(asc(people.name), asc(people.id)).limit(500)
  const held = await db.select({ personId: competences.personId, kind: competences.kind, validUntil: competences.validUntil }).from(competences).where(sql`${competences.endedAt} is null`).orderBy(asc(competences.validUntil))
  const soon = addMonths(today, warned_months)
  return {
    people: assessors.map(one => ({
      ...one, kinds: competenceKinds.map(kind => {
        const valid = held.filter(row => row.personId === one.personId && row.kind === kind && holdsOn(row, today)), soonest = valid[0]?.validUntil ?? null
        return { kind, valid: valid.length, soonest, ending: soonest !== null && soonest < soon }
      }),
    })),
  }
}

const recorder = alias(people, 'recorder')

/** What one assessor can do: valid, run out and taken back, everything that was ever recorded. */
export async function competencePage(db: Db, id: string, { personId, today }: Viewer): Promise<z.infer<typeof CompetencePage> | Refusal> {
  const [one] = await db.select({ ...person, isAssessor: sql<boolean>`${isAssessor}` }).from(people).leftJoin(assessorOrganisations, eq(assessorOrganisations.id, people.assessorOrganisationId)).where(eq(people.id, id))
  if (!one?.isAssessor) return { refused: 'not_found' }
  const rows = await db.select({ row: competences, by: recorder.name }).from(competences).innerJoin(recorder, eq(recorder.id, competences.recordedBy))
    .where(eq(competences.personId, id)).orderBy(asc(competences.kind), desc(competences.validUntil))
  return {
    person: { personId: one.personId, name: one.name, organisation: one.organisation }, own: one.personId === personId,
    competences: rows.map(({ row: { id: competence, kind, subject, evidence, obtainedOn, validUntil, endedAt }, by }) => {
      const named = kind === 'sector' ? industryNamed(subject) : { nameJa: subject, nameEn: subject }
      const state = endedAt ? 'ended' as const : holdsOn({ validUntil }, today) ? 'valid' as const : 'over' as const
      return { id: competence, kind, subject, subjectJa: named.nameJa, subjectEn: named.nameEn, evidence, obtainedOn, validUntil, state, recordedBy: by }
    }),
    industries: industries.map(({ value, ja, en }) => ({ value, nameJa: ja, nameEn: en })), languages: [...interviewLanguages],
  }
}
